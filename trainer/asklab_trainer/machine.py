"""Settings of the processor that must stand before PyTorch is loaded, and how fast it then is."""
import os
import sys
import time

# Measured: an OpenBLAS that does not know the processor takes SSE3 kernels, and glibc gives large tensors back at every step; together four times.
SETTINGS = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000", "MALLOC_TOP_PAD_": "268435456", "MALLOC_ARENA_MAX": "1"}


def kernels(processor):
    """OpenBLAS's kernels for what /proc/cpuinfo says, or None. Measured with 0.3.31 on one core, at 1,024 wide: SkylakeX 3 to 6 times Prescott's SSE3, Haswell about twice."""
    flags = set(processor.split())
    return "SkylakeX" if "avx512f" in flags else "Haswell" if {"avx2", "fma"} <= flags else None


def prepare():
    """Starts this Python again with the settings above where they are missing (Linux)."""
    if not sys.platform.startswith("linux") or os.environ.get("ASKLAB_PREPARED"):
        return
    with open("/proc/cpuinfo") as file:
        known = kernels(file.read())
    settings = {k: v for k, v in SETTINGS.items() if k not in os.environ}
    if known and "OPENBLAS_CORETYPE" not in os.environ:
        settings["OPENBLAS_CORETYPE"] = known
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **settings, "ASKLAB_PREPARED": "1"})


def report():
    """Prints GFLOP/s of a 1,024-wide product and warns where it is too low to train with."""
    import torch
    a = torch.randn(1024, 1024)
    a @ a
    best = 1e9
    for _ in range(5):
        start = time.time()
        a @ a
        best = min(best, time.time() - start)
    speed = 2 * 1024 ** 3 / best / 1e9
    print(f"{speed:.0f} GFLOP/s in float32 on {torch.get_num_threads()} threads, PyTorch {torch.__version__}", flush=True)
    if speed < 30:
        print("This is slow. On Debian: apt-get install libopenblas0-openmp; elsewhere install a PyTorch with MKL or OpenBLAS; stop other programs.", flush=True)
    return speed
