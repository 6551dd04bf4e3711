"""SentencePiece unigram model of one language: python -m asklab_trainer.vocab TEXT.gz OUT.model --size 16000."""
import argparse
import gzip

import sentencepiece as spm


def train(lines, out, size=30000):
    with open(out, "wb") as writer:
        spm.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=writer, model_type="unigram", vocab_size=size, hard_vocab_limit=False,
            byte_fallback=True, normalization_rule_name="nmt_nfkc", unk_id=0, bos_id=-1, eos_id=-1, pad_id=-1,
            control_symbols=["<sep>", "</s>", "<mask>"], character_coverage=0.9995, minloglevel=1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("text"), p.add_argument("out")
    p.add_argument("--size", type=int, default=30000)
    a = p.parse_args()
    with gzip.open(a.text, "rt", encoding="utf-8") as lines:
        train((line.strip().lower() for line in lines), a.out, a.size)


if __name__ == "__main__":
    main()
