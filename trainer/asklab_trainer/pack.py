"""Checkpoint -> model bundle: python -m asklab_trainer.pack CHECKPOINT FOLDER [--precision int8|fp16|fp32] [--data ROWS] [--about about.yaml].

`about.yaml` holds what the manifest says of the bundle: name, licence, trainingData (source and licence of each), metrics, ready (languages).
Without it licence and trainingData are those of the bundle that training began from, and a row for what it was trained on.
"""
import argparse
import hashlib
import json
import re
import shutil
import random
import struct
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import yaml

from .calibrate import calibrate
from .data import FREE, SPAN, Rows
from .model import Architecture, Lalm, load_checkpoint
from .vocab import LANGUAGES

DTYPES = {"float32": "F32", "float16": "F16", "int8": "I8"}


def save_safetensors(path, tensors):
    header, offset, body = {}, 0, []
    for name in sorted(tensors):
        a = np.ascontiguousarray(tensors[name])
        header[name] = {"dtype": DTYPES[str(a.dtype)], "shape": list(a.shape), "data_offsets": [offset, offset + a.nbytes]}
        offset += a.nbytes
        body.append(a.tobytes())
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(body))


def load_safetensors(path):
    data = path.read_bytes()
    n = struct.unpack("<Q", data[:8])[0]
    types = {v: k for k, v in DTYPES.items()}
    out = {}
    for name, t in json.loads(data[8:8 + n]).items():
        a, b = t["data_offsets"]
        out[name] = np.frombuffer(data[8 + n + a:8 + n + b], types[t["dtype"]]).reshape(t["shape"])
    return out


def encode(state, precision):
    out = {}
    for name, tensor in state.items():
        a = tensor.detach().cpu().float().numpy()
        if precision == "fp16":
            out[name] = a.astype(np.float16)
        elif precision == "int8" and a.ndim == 2:
            scale = np.maximum(np.abs(a).max(1), 1e-12).astype(np.float32) / np.float32(127)
            out[name] = np.clip(np.rint(a / scale[:, None]), -127, 127).astype(np.int8)
            out[name + ".scale"] = scale
        else:
            out[name] = a
    return out


def pack(model, folder, vocabularies, precision="int8", name="LALM", licence="research, non-commercial", training_data=(), recipe=None, metrics=None, rows=None, ready=(), scales=None):
    """`vocabularies`: language -> SentencePiece model file. `ready`: languages whose reading put the model above the rules.

    `rows`: language -> encoded pairs; with them an int8 bundle gets activation scales and runs in W8A8 (calibrate.py). `scales`: those known before, which hold on.
    """
    folder, c = Path(folder), model.config
    for part in ("low", "vocabulary"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    save_safetensors(folder / "shared.safetensors", encode(model.shared.state_dict(), precision))
    parts = {}
    for language, low in model.low.items():
        weights, vocabulary = f"low/{language}.safetensors", f"vocabulary/{language}.model"
        save_safetensors(folder / weights, encode(low.state_dict(), precision))
        if Path(vocabularies[language]).resolve() != (folder / vocabulary).resolve():  # else packed over the bundle it comes from
            shutil.copyfile(vocabularies[language], folder / vocabulary)
        parts[language] = {"vocabulary": vocabulary, "weights": weights, "size": low.embedding.num_embeddings, "ready": language in ready}
    languages = {k: dict(parts["shared"]) for k in LANGUAGES} if "shared" in parts else parts
    architecture = asdict(c)
    key_size, features = architecture.pop("keySize"), architecture.pop("features")
    architecture["pointer"] = {"keySize": key_size, "features": features} if c.pointer else None
    files = {p.relative_to(folder).as_posix(): {"sha256": hashlib.sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size}
             for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "manifest.json"}
    manifest = {
        "format": "asklab-model", "version": 1, "id": "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "model", "name": name, "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "architecture": architecture, "specialTokens": {"unknown": 0, "separator": 1, "end": 2, "mask": 3},
        "languages": languages, "shared": "shared.safetensors", "precision": precision,
        "activationScales": {**(calibrate(model, rows) if rows else {}), **(scales or {})} if precision == "int8" else {}, "files": files,
        "licence": licence, "trainingData": list(training_data), "recipe": recipe or {}, "metrics": metrics or {},
        "decoding": {"method": "beam", "beams": 4, "lengthPenalty": 0.8, "noRepeatNgram": 3, "minimumLength": 3, "maximumLength": c.maximumTarget},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return sum(f["bytes"] for f in files.values())


def unpack(folder):
    """The model of a bundle, with fp32 weights."""
    folder = Path(folder)
    m = json.loads((folder / "manifest.json").read_text())
    a = dict(m["architecture"])
    pointer = a.pop("pointer")
    model = Lalm(Architecture(pointer=pointer is not None, **(pointer or {}), **a),
                 {Path(v["weights"]).stem: v["size"] for v in m["languages"].values()})

    def load(module, file):
        raw = load_safetensors(folder / file)
        module.load_state_dict({k: torch.from_numpy((v.astype(np.float32) * raw[k + ".scale"][:, None] if k + ".scale" in raw
                                else v.astype(np.float32)).copy()) for k, v in raw.items() if not k.endswith(".scale")})

    load(model.shared, m["shared"])
    for language, entry in m["languages"].items():
        load(model.low_level(language), entry["weights"])
    return model.eval()


def trained(path):
    """The weights of a bundle or of a checkpoint, and what is known of their making: its manifest, or what the checkpoint tells of one."""
    if Path(path).is_dir():
        return unpack(path).state_dict(), json.loads((Path(path) / "manifest.json").read_text())
    saved = load_checkpoint(path)
    return saved["model"], saved.get("origin", {})


def calibration_rows(folder, config, count=40):
    """Forty training rows a language from what asklab_trainer.data wrote."""
    out = {}
    for file in sorted(Path(folder).glob("*.train.npz")):
        rows, order = Rows.load(file), random.Random(1)
        ask = SPAN if config.focus else FREE
        out[file.name.split(".")[0]] = [rows.example(order.randrange(len(rows)), ask, config.maximumSource, config.maximumTarget, config.draft) for _ in range(count if len(rows) else 0)]
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("checkpoint"), p.add_argument("folder")
    p.add_argument("--precision", default="int8", choices=["int8", "fp16", "fp32"])
    p.add_argument("--name"), p.add_argument("--about", help="YAML: name, licence, trainingData, metrics, ready")
    p.add_argument("--data", help="rows to measure the activation scales of int8 on")
    a = p.parse_args()
    saved = load_checkpoint(a.checkpoint)
    if saved["recipe"].get("system", "lalm") != "lalm":
        raise SystemExit(f"{a.checkpoint} holds {saved['recipe']['system']}: the app runs LALM alone. Write its questions with asklab_trainer.baselines.write.")
    model = Lalm(Architecture(**saved["architecture"]), saved["vocabularySizes"])
    model.load_state_dict(saved["model"])
    origin = saved.get("origin", {})
    about = {**origin, **(yaml.safe_load(Path(a.about).read_text()) if a.about else {})}
    size = pack(model.eval(), a.folder, saved["vocabularies"], a.precision, a.name or about.get("name", "LALM"), about.get("licence", "research, non-commercial"),
                about.get("trainingData", ()), saved["recipe"], about.get("metrics"),
                calibration_rows(a.data, model.config) if a.data else None, about.get("ready", ()), origin.get("activationScales"))
    print(f"{a.folder}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
