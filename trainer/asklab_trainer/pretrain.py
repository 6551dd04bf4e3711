"""Pre-trains on plain text, denoising and next sentence (section 3.4): python -m asklab_trainer.pretrain, options as of asklab_trainer.finetune."""
from .machine import prepare

if __name__ == "__main__":
    prepare()
    from .finetune import main
    main({"denoise": 0.5, "next": 0.5})
