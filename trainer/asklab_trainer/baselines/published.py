"""Weights that others published, read from files the user names; none can be fetched from here."""
import gzip
from pathlib import Path

import numpy as np
import torch

from ..pack import load_safetensors


def take_vectors(model, files, vocabularies):
    """fastText word vectors (Grave et al. 2018) as word embeddings. `files`: language -> *.vec or *.vec.gz.

    A piece takes the vector of the word it spells, without its mark of a word's start; the others stay as they are.
    """
    from ..data import encoder_of
    for language, file in files.items():
        if language not in model.words:
            raise SystemExit(f"{file}: this model has no language {language}; it has {', '.join(model.words)}.")
        weight = model.words[language].embedding.weight
        pieces = encoder_of(vocabularies[language]).words()
        found = read_vectors(file, set(pieces), weight.shape[1])
        with torch.no_grad():
            for i, piece in enumerate(pieces):
                if piece in found:
                    weight[i] = torch.from_numpy(found[piece])
        print(f"{file}: {sum(p in found for p in pieces)} of {len(pieces)} pieces have a vector", flush=True)


def read_vectors(file, wanted, width):
    """{word: vector} of the wanted words; a lower-cased word takes its own line before that of another case."""
    path = Path(file)
    if not path.exists():
        raise SystemExit(f"{file}: no such file. fastText's vectors are the text files cc.<language>.300.vec.gz of fasttext.cc/docs/en/crawl-vectors.html.")
    if path.suffix == ".bin":
        raise SystemExit(f"{file}: fastText's binary form is not read. Take the text file, *.vec or *.vec.gz.")
    found, exact = {}, set()
    with (gzip.open(path, "rt", encoding="utf-8", errors="replace") if path.suffix == ".gz" else open(path, encoding="utf-8", errors="replace")) as lines:
        head = lines.readline().split()
        if len(head) != 2 or not all(h.isdigit() for h in head):
            raise SystemExit(f"{file}:1: a fastText text file begins with its number of words and their width.")
        if int(head[1]) != width:
            raise SystemExit(f"{file}:1: its vectors are {head[1]} wide, the recipe's embedding is {width}. Set architecture: {{ embedding: {head[1]} }}.")
        for number, line in enumerate(lines, 2):
            word, _, rest = line.partition(" ")
            low = word.lower()
            if low not in wanted or low in exact or (low in found and word != low):
                continue
            vector = np.array(rest.split(), np.float32) if rest.strip() else np.zeros(0)
            if len(vector) != width:
                raise SystemExit(f"{file}:{number}: {len(vector)} numbers, expected {width}. Is the file whole?")
            found[low] = vector
            if word == low:
                exact.add(low)
    return found


# Our names -> those of Hugging Face's BertForMaskedLM, layer by layer.
LAYER = {
    "own.query": "attention.self.query", "own.key": "attention.self.key", "own.value": "attention.self.value",
    "own.output": "attention.output.dense", "own.norm": "attention.output.LayerNorm",
    "mlp.up": "intermediate.dense", "mlp.down": "output.dense", "mlp.norm": "output.LayerNorm",
}
REST = {
    "words": "bert.embeddings.word_embeddings", "places": "bert.embeddings.position_embeddings", "parts": "bert.embeddings.token_type_embeddings",
    "norm": "bert.embeddings.LayerNorm", "head": "cls.predictions.transform.dense", "headNorm": "cls.predictions.transform.LayerNorm",
}


def bert_name(name):
    """BERT's name of one of MultiBert's tensors."""
    if name == "bias":
        return "cls.predictions.bias"
    part, kind = name.rsplit(".", 1)
    if part in REST:
        return f"{REST[part]}.{kind}"
    _, number, rest = part.split(".", 2)
    return f"bert.encoder.layer.{number}.{LAYER[rest]}.{kind}"


def take_bert(model, file, vocabulary):
    """The weights of a published BERT (Hugging Face's model.safetensors) with its own vocab.txt, which the rows must have been made with."""
    from .wordpiece import WordPiece
    path = Path(file)
    if not path.exists():
        raise SystemExit(f"{file}: no such file. It is model.safetensors of bert-base-multilingual-cased.")
    if not str(vocabulary).endswith(".txt"):
        raise SystemExit(f"{file}: a published BERT goes with its own vocabulary. Save its vocab.txt as shared.txt in the folder of vocabularies and make the rows with it (trainer/README.md).")
    try:
        stored = load_safetensors(path)
    except Exception as error:
        raise SystemExit(f"{file}: not a whole safetensors file ({error}). Fetch it again; pytorch_model.bin is not read.") from error
    stored = {k.replace(".gamma", ".weight").replace(".beta", ".bias"): v for k, v in stored.items()}
    order, state, errors = WordPiece(vocabulary).order, model.state_dict(), []
    for name, tensor in state.items():
        source = stored.get(bert_name(name))
        if source is not None and name in ("words.weight", "bias"):
            source = source[order] if len(source) == len(order) else source
        if source is None or source.shape != tuple(tensor.shape):
            errors.append(f"{bert_name(name)}: {'missing' if source is None else f'{list(source.shape)} in the file, {list(tensor.shape)} in the recipe'}")
            continue
        state[name] = torch.from_numpy(source.astype(np.float32))
    if errors:
        raise SystemExit(f"{file} does not fit this recipe and vocabulary:\n" + "\n".join(errors[:8]) + (f"\nand {len(errors) - 8} more" if len(errors) > 8 else ""))
    model.load_state_dict(state)
    print(f"{file}: {len(state)} tensors taken over", flush=True)
