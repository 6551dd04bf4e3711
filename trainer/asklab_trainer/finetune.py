"""Trains on questions: python -m asklab_trainer.finetune --recipe R.yaml --data FOLDER --vocabularies FOLDER --out FOLDER [--from CHECKPOINT].

FOLDER is what `asklab_trainer.data` wrote. Run it again after a kill to go on. `torchrun -m asklab_trainer.finetune …` uses several processes.
"""
from .machine import prepare


def main(tasks=None):
    import argparse
    from pathlib import Path

    import sentencepiece as spm

    from .data import Rows, sha256
    from .loop import Training, rank, start_processes
    from .machine import report
    from .recipe import read_recipe
    from .vocab import LANGUAGES
    p = argparse.ArgumentParser()
    for name in ("--recipe", "--data", "--vocabularies", "--out"):
        p.add_argument(name, required=True)
    p.add_argument("--from", dest="init", help="checkpoint to take weights from"), p.add_argument("--seconds", type=float, help="stop, with a checkpoint, after this long")
    p.add_argument("--languages", nargs="+", help="train on these only"), p.add_argument("--architecture", choices=["base", "large", "small", "bundle"])
    a = p.parse_args()
    start_processes()
    recipe = read_recipe(a.recipe, languages=a.languages, architecture=a.architecture)
    if tasks and list(recipe.tasks) == ["question"]:
        recipe.tasks = tasks
    data, vocabularies = Path(a.data), {f.stem: str(f) for f in sorted(Path(a.vocabularies).glob("*.model"))}
    shared = recipe.sharedLow
    vocabularies = {k: v for k, v in vocabularies.items() if (k == "shared") == shared}
    languages = recipe.languages or (list(LANGUAGES) if shared else sorted(vocabularies))
    missing = [k for k in (["shared"] if shared else languages) if k not in vocabularies]
    if missing:
        raise SystemExit(f"{a.vocabularies} has no vocabulary for {', '.join(missing)}. Make them with asklab_trainer.vocab.")
    sizes = recipe.vocabularySizes or {k: spm.SentencePieceProcessor(model_file=f).vocab_size() for k, f in vocabularies.items()}
    needs_text = any(recipe.tasks.get(k) for k in ("denoise", "next"))
    files = {k: {s: data / f"{k}.{s}.npz" for s in recipe.sets} for k in languages}
    sets = {k: {s: Rows.load(f).close(recipe.overlap.get(k, 0)) for s, f in named.items() if f.exists()} for k, named in files.items()}
    sets = {k: v for k, v in sets.items() if sum(map(len, v.values()))} if recipe.tasks.get("question") else {}
    text = {k: Rows.load(data / f"{k}.text.npz") for k in languages if (data / f"{k}.text.npz").exists()} if needs_text else {}
    if not sets and not text:
        raise SystemExit(f"{data} holds no rows for {', '.join(languages)}. Make them with asklab_trainer.data.")
    dev = {k: Rows.load(data / f"{k}.dev.npz") for k in languages if (data / f"{k}.dev.npz").exists()} if recipe.tasks.get("question") else {}
    if rank() == 0:
        report()
    hashes = {f.name: sha256(f) for f in sorted(data.glob("*.npz"))}
    Training(recipe, sizes, sets, text, dev, a.out, a.init, vocabularies, hashes).run(seconds=a.seconds)


if __name__ == "__main__":
    prepare()
    main()
