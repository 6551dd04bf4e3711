"""Beam search as the app has it (src-main/inference/decode/search.ts): ranked by total / length ^ penalty, no n-gram twice."""
import torch

from ..model import END, MASK, SEPARATOR, UNKNOWN

NEVER = [UNKNOWN, SEPARATOR, MASK]


def repeated(tokens, size):
    """Tokens that would repeat an n-gram."""
    if size <= 0 or len(tokens) < size - 1:
        return []
    tail = tokens[len(tokens) - size + 1:]
    return [tokens[i + size - 1] for i in range(len(tokens) - size + 1) if tokens[i:i + size - 1] == tail]


@torch.no_grad()
def beam(model, language, source, beams=4, penalty=0.8, ngram=3, minimum=3, maximum=None, allowed=None):
    """Questions about one passage's tokens, best first: [(tokens, total / length ^ penalty)], at most `beams`.

    `allowed`: a mask [V] of the tokens that may be written (XNLG's decoding vocabulary).
    """
    device = next(model.parameters()).device
    maximum = maximum or model.config.maximumTarget
    source = torch.tensor([list(source)], device=device)
    valid = torch.ones_like(source, dtype=torch.bool)
    memory = model.encode(language, source, valid)
    live, finished = [([], 0.0)], []
    for _ in range(maximum):
        given = torch.tensor([[SEPARATOR, *tokens] for tokens, _ in live], device=device)
        n = len(live)
        log_p = model.following(language, spread(memory, n), source.expand(n, -1), valid.expand(n, -1), given)
        log_p[:, NEVER] = -float("inf")
        if allowed is not None:
            log_p[:, ~allowed] = -float("inf")
        for row, (tokens, total) in enumerate(live):
            log_p[row, [*repeated(tokens, ngram), *([END] if len(tokens) < minimum else [])]] = -float("inf")
            log_p[row] += total
        totals, places = log_p.flatten().topk(min(2 * beams, log_p.numel()))
        extended = []
        for rank, (total, place) in enumerate(zip(totals.tolist(), places.tolist())):
            tokens, token = live[place // log_p.shape[1]][0], place % log_p.shape[1]
            if total == -float("inf") or len(extended) == beams:
                break
            if token != END:
                extended.append((tokens + [token], total))
            elif rank < beams:
                finished.append((tokens, total / (len(tokens) + 1) ** penalty))
        live = extended
        finished = sorted(finished, key=lambda x: -x[1])[:beams]
        # Totals only fall: the best a live row can reach is its total over the longest length.
        if not live or len(finished) == beams and live[0][1] / (maximum + 1) ** penalty <= finished[-1][1]:
            break
    else:
        finished += [(tokens, total / len(tokens) ** penalty) for tokens, total in live]
    return sorted(finished, key=lambda x: -x[1])[:beams]


def spread(memory, count):
    """One passage's memory for `count` rows."""
    if isinstance(memory, tuple):
        return tuple(spread(m, count) for m in memory)
    return memory if memory is None else memory.expand(count, *memory.shape[1:])


@torch.no_grad()
def greedy(model, source_language, language, source, valid):
    """The likeliest token after token for many sources at once, in another language: at least one token, at most as long as its source and the longest question."""
    memory = model.encode(source_language, source, valid)
    given = torch.full((len(source), 1), SEPARATOR, device=source.device)
    most = min(model.config.maximumTarget - 1, source.shape[1] + 4)
    for step in range(most):
        log_p = model.following(language, memory, source, valid, given)
        log_p[:, NEVER + ([END] if step == 0 else [])] = -float("inf")
        given = torch.cat([given, log_p.argmax(1, keepdim=True)], 1)
        if (given == END).any(1).all():
            break
    return [row[1:row.index(END)] if END in row else row[1:] for row in given.tolist()]
