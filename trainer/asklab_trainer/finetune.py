"""Trains LALM, or the baseline that the recipe names, on questions: python -m asklab_trainer.finetune --recipe R.yaml --data FOLDER --vocabularies FOLDER --out FOLDER [--from CHECKPOINT].

FOLDER is what `asklab_trainer.data` wrote. Run it again after a kill to go on. `torchrun -m asklab_trainer.finetune …` uses several processes.
"""
from .machine import prepare


def main(tasks=None):
    import argparse
    from pathlib import Path

    from .data import Rows, encoder_of, sha256, vocabularies_in
    from .loop import rank, start_processes
    from .machine import report
    from .pairs import training_data
    from .recipe import read_recipe
    from .vocab import LANGUAGES
    p = argparse.ArgumentParser()
    for name in ("--recipe", "--data", "--vocabularies", "--out"):
        p.add_argument(name, required=True)
    p.add_argument("--from", dest="init", help="checkpoint to take weights from; for Multi-BERT also a published BERT's model.safetensors"), p.add_argument("--seconds", type=float, help="stop, with a checkpoint, after this long")
    p.add_argument("--languages", nargs="+", help="train on these only"), p.add_argument("--architecture", choices=["base", "large", "small", "bundle"])
    p.add_argument("--vectors", nargs="+", default=[], metavar="LANGUAGE=FILE", help="fastText vectors for Transformer or NQG++: en=cc.en.300.vec.gz")
    a = p.parse_args()
    start_processes()
    recipe = read_recipe(a.recipe, languages=a.languages, architecture=a.architecture)
    if recipe.freezeShared and not a.init:
        p.error("freezeShared keeps the shared part of a trained model still: name it with --from")
    if a.vectors and recipe.system not in ("transformer", "nqg++"):
        p.error(f"--vectors is for transformer and nqg++, not for {recipe.system}")
    vectors = dict(v.split("=", 1) if "=" in v else (recipe.languages[0], v) for v in a.vectors)
    if tasks and list(recipe.tasks) == ["question"]:
        recipe.tasks = tasks
    data, vocabularies = Path(a.data), vocabularies_in(a.vocabularies)
    shared = recipe.sharedLow
    vocabularies = {k: v for k, v in vocabularies.items() if (k == "shared") == shared}
    languages = recipe.languages or (list(LANGUAGES) if shared else sorted(vocabularies))
    missing = [k for k in (["shared"] if shared else languages) if k not in vocabularies]
    if missing:
        raise SystemExit(f"{a.vocabularies} has no vocabulary for {', '.join(missing)}. Make them with asklab_trainer.vocab.")
    if recipe.system != "lalm" and not shared:
        vocabularies = {k: vocabularies[k] for k in languages}
    sizes = recipe.vocabularySizes or {k: encoder_of(f).size for k, f in vocabularies.items()}
    needs_text = any(share for task, share in recipe.tasks.items() if task != "question")
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
    if recipe.system == "lalm":
        from .loop import Training
    else:
        from .baselines.train import BaselineTraining as Training
    init = [x for x in (vectors, a.init) if x]
    sources = training_data(data, [f"{k}.{s}" for k, named in sets.items() for s in named] + [f"{k}.text" for k in text])
    Training(recipe, sizes, sets, text, dev, a.out, init, vocabularies, hashes, sources).run(seconds=a.seconds)


if __name__ == "__main__":
    prepare()
    main()
