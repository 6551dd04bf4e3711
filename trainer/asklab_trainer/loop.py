"""The training loop that pre-training and fine-tuning share.

Killed at any step it continues from the last checkpoint with the same result (CPU, one seed, one number of processes).
Under `torchrun` every process draws its own batches and gradients are averaged.
"""
import atexit
import contextlib
import csv
import io
import json
import os
import random
import subprocess
import time
from dataclasses import asdict
from pathlib import Path

import torch
import torch.distributed as dist

from .curves import write_svg
from .model import Discriminator, Lalm, adversarial_losses, load_checkpoint
from .pack import trained
from .tasks import Batches, collate


def rank():
    return dist.get_rank() if dist.is_initialized() else 0


def processes():
    return dist.get_world_size() if dist.is_initialized() else 1


def start_processes():
    """Joins the other processes where `torchrun` started several."""
    if int(os.environ.get("WORLD_SIZE", 1)) > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        atexit.register(dist.destroy_process_group)
        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))


def share_gradients(parameters):
    """Averages gradients over processes; a parameter no process used keeps none."""
    if processes() == 1:
        return
    used = torch.tensor([p.grad is not None for p in parameters], dtype=torch.float32, device=parameters[0].device)
    dist.all_reduce(used)
    live = [p for p, u in zip(parameters, used.tolist()) if u]
    flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1) for p in live])
    dist.all_reduce(flat)
    flat /= processes()
    for p in live:
        p.grad, flat = flat[:p.numel()].view_as(p).clone(), flat[p.numel():]


def any_process(says):
    """Whether any process says so: all of them act on it at the same step."""
    if processes() == 1:
        return says
    said = torch.tensor(float(says), device="cuda" if torch.cuda.is_available() else "cpu")
    dist.all_reduce(said)
    return bool(said)


def commit():
    """The repository's commit, with a plus where files differ from it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True).stdout.strip()
    try:
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain", "--", ".") else "")
    except OSError:
        return "unknown"


def learning_rate(recipe, step):
    """Share of the highest rate at `step`: linear warm-up, then linear decay to nothing."""
    warm = max(1, int(recipe.warmup * recipe.steps))
    return min((step + 1) / warm, (recipe.steps - step) / max(1, recipe.steps - warm))


def autocast(recipe, device):
    return torch.autocast(device.type, dtype=torch.bfloat16) if recipe.precision == "bf16" else contextlib.nullcontext()


def groups(model, recipe):
    """The trained parameters by learning rate: what the attention compares with, the rest of the shared part, the low levels."""
    out = {"compare": [], "shared": [], "low": []}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            out["low" if name.startswith("low.") else "compare" if ".query." in name or ".key." in name else "shared"].append(parameter)
    return [{"params": out[k], "scale": s} for k, s in (("compare", recipe.compareRate), ("shared", recipe.sharedRate), ("low", 1.0)) if out[k]]


def adam(parameters, recipe):
    fused = {"fused": True} if tuple(int(x) for x in torch.__version__.split(".")[:2]) >= (2, 5) else {}
    return torch.optim.Adam(parameters, recipe.rate, betas=tuple(recipe.betas), eps=recipe.epsilon, **fused)


def put(path, write):
    """`write(file)` beside `path`, then in its place: a kill leaves the old file or the new one, never half of it."""
    new = path.with_name(path.name + ".new")
    write(new)
    os.replace(new, path)


class Training:
    batchesOf = Batches

    def __init__(self, recipe, sizes, sets, text=None, dev=None, out=None, init=None, vocabularies=None, hashes=None, sources=()):
        """`sets`, `text`: see Batches; `dev`: language -> Rows; `init`: a checkpoint, or a bundle's folder, or several, whose weights are taken over where names and shapes agree; `sources`: the manifest's rows for what is trained on."""
        self.recipe, self.sizes, self.dev, self.vocabularies = recipe, sizes, dev or {}, vocabularies or {}
        self.out = Path(out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")
        torch.set_float32_matmul_precision("medium" if recipe.precision == "bf16-products" else "highest")
        torch.manual_seed(recipe.seed)
        self.random = random.Random(recipe.seed * 1000 + rank())
        config = recipe.build()
        self.model = self.make_model(config, sizes)
        self.batches = self.batchesOf(recipe, config, sets, text or {}, sizes)
        self.step, self.losses, self.curve, self.origin = 0, [], [], {}
        resumed = (self.out / "checkpoint.pt").exists()
        for source in () if resumed or not init else init if isinstance(init, list) else [init]:
            self.take_over(source)
        known = self.origin.get("trainingData", [])
        self.origin["trainingData"] = known + [s for s in sources if s not in known]
        # Scales of products that no longer see what they were measured on are dropped: all, or a trained language's.
        moved = self.batches.languages
        self.origin["activationScales"] = {k: v for k, v in self.origin.get("activationScales", {}).items() if recipe.freezeShared and k.split(".")[-1] not in moved}
        self.model.to(self.device)
        self.model.dropout = recipe.dropout
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = adam(groups(self.model, recipe), recipe)
        self.languages = self.batches.languages if "shared" in sizes else sorted(sizes)
        self.discriminator = Discriminator(config.hidden, len(self.languages)).to(self.device) if recipe.adversarial else None
        self.judge = adam(list(self.discriminator.parameters()), recipe) if self.discriminator else None
        self.hashes = hashes or {}
        if resumed:
            self.resume()

    def make_model(self, config, sizes):
        model = Lalm(config, sizes)
        model.low.requires_grad_(not self.recipe.freezeLow)
        model.shared.requires_grad_(not self.recipe.freezeShared)
        return model

    def take_over(self, init):
        old, known = trained(init)
        self.origin = {k: known[k] for k in ("licence", "trainingData", "activationScales") if k in known}
        new = self.model.state_dict()
        marks = "shared.segment.weight"
        if marks in old and marks in new:
            more = len(new[marks]) - len(old[marks])
            if more < 0:
                raise SystemExit(f"{init} knows more marks than the recipe's architecture: give it the answerKinds and the maximumDraft of what training goes on from.")
            old[marks] = torch.cat([old[marks], old[marks][2:3].expand(more, -1)])  # a kind, or a draft, starts as the mark of a span
        fitting = {k: v for k, v in old.items() if k in new and v.shape == new[k].shape}
        self.model.load_state_dict(fitting, strict=False)
        print(f"{init}: {len(fitting)} of {len(new)} tensors taken over", flush=True)

    def resume(self):
        saved = load_checkpoint(self.out / "checkpoint.pt")
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        if self.discriminator:
            self.discriminator.load_state_dict(saved["discriminator"])
            self.judge.load_state_dict(saved["judge"])
        self.step, self.curve, self.origin = saved["step"], saved["curve"], saved.get("origin", self.origin)
        order, noise = saved["random"][rank()]
        self.random.setstate(order)
        torch.set_rng_state(noise)
        if rank() == 0 and not self.told():
            self.tell()

    def save(self):
        states = [(self.random.getstate(), torch.get_rng_state())]
        if processes() > 1:
            states = [None] * processes()
            dist.all_gather_object(states, (self.random.getstate(), torch.get_rng_state()))
        if rank():
            return
        recipe = self.recipe
        checkpoint = {
            "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step, "random": states, "curve": self.curve,
            "discriminator": self.discriminator.state_dict() if self.discriminator else None, "judge": self.judge.state_dict() if self.judge else None,
            "architecture": asdict(recipe.build()), "vocabularySizes": self.sizes, "vocabularies": self.vocabularies, "recipe": asdict(recipe), "origin": self.origin,
        }
        put(self.out / "checkpoint.pt", lambda file: torch.save(checkpoint, file))
        self.tell()

    def tell(self):
        """Writes what the checkpoint beside it holds: the curve, then run.json, whose step says that both are of this checkpoint."""
        table = io.StringIO(newline="")
        csv.writer(table).writerows([["step", "positions", "seconds", "loss", *(f"dev {k}" for k in sorted(self.dev))], *self.curve])
        put(self.out / "curve.csv", lambda file: file.write_bytes(table.getvalue().encode()))
        put(self.out / "curve.svg", lambda file: write_svg(file, self.curve, sorted(self.dev)))
        run = {"recipe": asdict(self.recipe), "commit": commit(), "data": self.hashes, "step": self.step, "torch": torch.__version__}
        put(self.out / "run.json", lambda file: file.write_text(json.dumps(run, indent=1)))

    def told(self):
        """Whether run.json is of this step; one that an older program left half written is not."""
        try:
            return json.loads((self.out / "run.json").read_text())["step"] == self.step
        except (OSError, ValueError):
            return False

    def loss_of(self, language, rows):
        """(sum of weighted losses, sum of weights, low level's output, its lengths)."""
        batch = collate(rows, self.recipe.unseenWeight.get(language, 1.0), self.device)
        with autocast(self.recipe, self.device):
            score, valid, low = self.model.score(language, *batch[:5])
        weights = batch[5] * valid
        return -(score * weights).sum(), weights.sum(), low.float(), batch[3]

    def one_step(self):
        recipe = self.recipe
        for group in self.optimizer.param_groups:
            group["lr"] = recipe.rate * group["scale"] * learning_rate(recipe, self.step)
        self.optimizer.zero_grad(set_to_none=True)  # a language not drawn has no gradient, on every version
        total, used = 0.0, 0
        judging = self.discriminator is not None and self.step % recipe.discriminatorEvery == 0
        if judging:
            self.judge.zero_grad(set_to_none=True)
        for _ in range(recipe.accumulate):
            language, rows = self.batches.draw(self.random)
            loss, weight, low, lengths = self.loss_of(language, rows)
            loss = loss / weight / recipe.accumulate
            total += loss.item()
            used += sum(len(r["source"]) + len(r["target"]) + 1 for r in rows)
            if self.discriminator:
                loss = loss + recipe.adversarial * self.adversarial_step(language, low, lengths, judging) / recipe.accumulate
            loss.backward()
        share_gradients(self.trained)
        torch.nn.utils.clip_grad_norm_(self.trained, recipe.clip)
        self.optimizer.step()
        if judging:  # once a step, like the generator, whatever it accumulates: the paper's rate counts updates
            share_gradients(list(self.discriminator.parameters()))
            self.judge.step()
        self.step += 1
        return total, used

    def adversarial_step(self, language, low, lengths, judging):
        """Eq. 4-5: now and then the discriminator learns; the low level always answers. Returns the low level's loss."""
        index = self.languages.index(language)
        if judging:
            (adversarial_losses(self.discriminator(low.detach(), lengths), index)[0] / self.recipe.accumulate).backward()
        self.discriminator.requires_grad_(False)
        loss = adversarial_losses(self.discriminator(low, lengths), index)[1]
        self.discriminator.requires_grad_(True)
        return loss

    @torch.no_grad()
    def dev_losses(self):
        """Mean loss a token on the dev rows of each language, asked about spans where they are known; the same rows every time."""
        self.model.eval()
        out = []
        config = self.model.config
        for language in sorted(self.dev):
            rows, order = self.dev[language], random.Random(0)
            loss = weight = 0.0
            for _ in range(self.recipe.devBatches):
                batch = [rows.example(order.randrange(len(rows)), (3 if config.answerKinds else 2) if config.focus else 0, config.maximumSource, config.maximumTarget, config.draft) for _ in range(12)]
                tensors = collate(batch, 1.0, self.device)
                with autocast(self.recipe, self.device):
                    score, valid, _ = self.model.score(language, *tensors[:5])
                loss, weight = loss - float((score * valid).sum()), weight + float(valid.sum())
            out.append(round(loss / weight, 4))
        self.model.train()
        return out

    def run(self, stop_at=None, seconds=None):
        """Trains to the recipe's end, or to step `stop_at`, or until `seconds` have passed; returns this call's losses."""
        recipe, end = self.recipe, self.recipe.steps if stop_at is None else stop_at
        self.model.train()
        losses, positions, recent, begun, mark = [], 0, [], time.time(), time.time()
        while self.step < end:
            loss, used = self.one_step()
            losses.append(loss)
            recent.append(loss)
            positions += used
            late = seconds is not None and any_process(time.time() - begun > seconds)
            if self.step % recipe.every == 0 or self.step == recipe.steps or late:
                rate = positions / (time.time() - mark)
                dev = self.dev_losses() if recipe.devBatches and self.dev else []
                before = self.curve[-1][1:3] if self.curve else (0, 0)
                self.curve.append((self.step, before[0] + positions, round(before[1] + time.time() - mark, 1), round(sum(recent) / len(recent), 4), *dev))
                self.save()
                if rank() == 0:
                    print(f"step {self.step} loss {self.curve[-1][3]:.3f} {rate:.0f} positions/s" + "".join(f" {k} {v:.3f}" for k, v in zip(sorted(self.dev), dev)), flush=True)
                positions, recent, mark = 0, [], time.time()
                if late:
                    break
        if processes() > 1:
            dist.barrier()  # a process that ends while another still talks to it aborts now and then
        return losses

