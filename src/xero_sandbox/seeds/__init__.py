"""The worlds that a sandbox can start with."""

from collections.abc import Callable

from xero_sandbox.seeds.demo import demo_world
from xero_sandbox.seeds.large import large_world
from xero_sandbox.world import World

SEEDS: dict[str, Callable[[], World]] = {
    "demo": demo_world,
    "large": large_world,
    "empty": lambda: World(seed="empty"),
}
