"""Loss curves as an SVG a browser can show."""
COLOURS = ("#555555", "#2f6fdd", "#c2410c", "#15803d", "#9333ea", "#b45309")


def write_svg(path, curve, languages, width=720, height=360):
    """`curve`: rows (step, positions, seconds, training loss, dev loss of each language)."""
    if not curve:
        return
    series = {"training": [(r[0], r[3]) for r in curve], **{f"dev {k}": [(r[0], r[4 + i]) for r in curve if len(r) > 4 + i] for i, k in enumerate(languages)}}
    values = [y for points in series.values() for _, y in points]
    top, low, last = max(values), min(values), max(curve[-1][0], 1)
    span = (top - low) or 1.0

    def place(x, y):
        return f"{50 + x / last * (width - 170):.1f},{20 + (top - y) / span * (height - 60):.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for i in range(5):
        y = low + span * i / 4
        at = place(0, y).split(",")[1]
        parts.append(f'<line x1="50" x2="{width - 120}" y1="{at}" y2="{at}" stroke="#ddd"/><text x="44" y="{at}" text-anchor="end" dy="4">{y:.2f}</text>')
    parts.append(f'<text x="50" y="{height - 20}">0</text><text x="{width - 120}" y="{height - 20}" text-anchor="end">step {last}</text>')
    for i, (name, points) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{" ".join(place(x, y) for x, y in points)}"/>')
        parts.append(f'<text x="{width - 112}" y="{28 + 16 * i}" fill="{colour}">{name}</text>')
    path.write_text("".join(parts) + "</svg>\n")
