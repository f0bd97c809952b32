"""Rules are tested in a second or two: few invented examples each time, more when asked for."""

import os

from hypothesis import Phase, settings

QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)

settings.register_profile("quick", max_examples=25, deadline=None, phases=QUICK)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
