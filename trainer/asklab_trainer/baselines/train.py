"""What the training loop does otherwise for a baseline: its model, two more tasks, frozen parts by name, weights from elsewhere."""
import torch

from ..loop import Training
from ..model import MASK
from ..tasks import FIRST_PIECE, Batches, collate
from .published import take_bert, take_vectors
from .systems import SYSTEMS


def masked(random, ids, size, share=0.15):
    """(ids with a share hidden as BERT hides them, [(place, token)] of those): 8 in 10 by the mask, 1 by another token, 1 by nothing. At least one."""
    out, hidden = list(ids), []
    for i, token in enumerate(ids):
        if random.random() < share:
            hidden.append((i, token))
    hidden = hidden or [(i, ids[i]) for i in [random.randrange(len(ids))]]
    for i, _ in hidden:
        r = random.random()
        out[i] = MASK if r < 0.8 else random.randrange(FIRST_PIECE, size) if r < 0.9 else ids[i]
    return out, hidden


class BaselineBatches(Batches):
    """Batches with two more tasks on plain text: `mask` (guess hidden tokens) and `translate` (see Clqg.translated)."""

    def plain(self, random, language, task):
        if task not in ("mask", "translate"):
            return super().plain(random, language, task)
        c = self.config
        row = self.stretch(random, language, c.maximumSource if task == "mask" else min(c.maximumSource, c.maximumTarget - 1))
        if not row:
            return None
        ids = row[0].tolist()
        if task == "translate":
            return {"source": ids, "segments": [0] * len(ids), "target": ids, "task": task}
        ids, hidden = masked(random, ids, self.size(language))
        return {"source": ids, "segments": [0] * len(ids), "target": [], "hidden": hidden, "task": task}


class BaselineTraining(Training):
    batchesOf = BaselineBatches

    def make_model(self, config, sizes):
        model = SYSTEMS[self.recipe.system].model(config, sizes)
        for part in self.recipe.freeze:
            if not isinstance(getattr(model, part, None), torch.nn.Module):
                raise ValueError(f"{self.recipe.system} has no part {part}; its parts: {', '.join(n for n, _ in model.named_children())}")
            getattr(model, part).requires_grad_(False)
        return model

    def take_over(self, init):
        """A checkpoint, mBERT's weights (*.safetensors), or fastText's vectors (language -> *.vec)."""
        if isinstance(init, dict):
            return take_vectors(self.model, init, self.vocabularies)
        if str(init).endswith(".safetensors"):
            return take_bert(self.model, init, self.vocabularies.get("shared", ""))
        return super().take_over(init)

    def loss_of(self, language, rows):
        """Each task of the rows by its own rule; weights are tokens."""
        loss = weight = 0.0
        for task in ("question", "mask", "translate"):
            own = [r for r in rows if r.get("task", "question") == task]
            if not own:
                continue
            one, tokens = self.masked_loss(language, own) if task == "mask" else self.answer_loss(language, own, task == "translate")
            loss, weight = loss + one, weight + tokens
        return loss, weight, None, None

    def answer_loss(self, language, rows, back):
        others = [k for k in self.batches.languages if k != language]
        more = {}
        if back and others:
            other = self.random.choice(others)
            rows, more = self.model.translated(rows, language, other), {"source_language": other}
        batch = collate(rows, self.recipe.unseenWeight.get(language, 1.0), self.device)
        score, valid, _ = self.model.score(language, *batch[:5], **more)
        weights = batch[5][:, :valid.shape[1]] * valid
        return -(score * weights).sum(), weights.sum()

    def masked_loss(self, language, rows):
        ids, _, s, *_ = collate(rows, 1.0, self.device)
        ids = ids[:, :int(s.max())]
        answers, hidden = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
        for i, row in enumerate(rows):
            for place, token in row["hidden"]:
                answers[i, place], hidden[i, place] = token, True
        valid = torch.arange(ids.shape[1], device=ids.device) < s[:, None]
        return -self.model.masked_score(language, ids, valid, hidden, answers).sum(), hidden.sum()
