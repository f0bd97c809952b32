"""How long work goes on, in words."""

MINUTE, HOUR = 60, 3600
ENOUGH = 0.02  # of the work, to judge the rest by
SECONDS = 2  # of work, likewise


def time_left(seconds: float, done: int, total: int) -> str:
    """This will say how long the rest takes at the pace so far; nothing while nobody can know."""
    if not total or done >= total or seconds < SECONDS or done < ENOUGH * total:
        return ""
    left = seconds * (total - done) / done
    if left < MINUTE:
        return f"about {max(1, round(left))} second{'' if round(left) <= 1 else 's'} left"
    if left < HOUR:
        minutes = round(left / MINUTE)
        return f"about {minutes} minute{'' if minutes == 1 else 's'} left"
    return f"about {left / HOUR:.1f} hours left"
