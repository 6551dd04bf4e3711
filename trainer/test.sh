#!/bin/sh
# Runs the trainer's tests with a Python that has PyTorch; on Debian as root it installs one.
cd "$(dirname "$0")" || exit 1
needs='import torch, numpy, sentencepiece, yaml, pytest'
packages='python3-torch python3-numpy python3-sentencepiece python3-yaml python3-pytest libopenblas0-openmp'
find_python() {
  for p in "$ASKLAB_PYTHON" python3 /usr/bin/python3; do
    [ -n "$p" ] && "$p" -c "$needs" >/dev/null 2>&1 && { echo "$p"; return 0; }
  done
  return 1
}
python=$(find_python) || {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
  fi
  python=$(find_python) || { echo "The trainer's tests need: apt-get install -y $packages" >&2; exit 1; }
}
exec "$python" -m pytest -q -p no:cacheprovider tests
