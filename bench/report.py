"""Lines on the screen, and docs/performance.md."""


def line_text(line):
    value = f"{line.value:.2f}{'' if line.unit == 'x' else ' '}{line.unit}"
    control = f"control {line.control:.2f}" if line.control is not None else ""
    return f"{line.verdict():6} {line.work:34} {line.against:12} {value:>12}  {line.bar.text(line.unit):>12}  {control:13} {line.detail}"


def write(measured):
    pass
