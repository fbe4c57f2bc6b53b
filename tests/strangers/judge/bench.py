"""The bench the judges sit on: checks are registered here, run over samples, counted and told.

A check is a function of a sample that raises Objection or returns. Any other exception counts as an objection too: a
judge that stumbles over a file has not accepted it.
"""

import subprocess
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial


class Objection(Exception):
    """What a judge has against a sample."""


@dataclass(frozen=True)
class Check:
    """One question that every sample must answer."""

    name: str
    ask: Callable


CHECKS: list[Check] = []


def check(name):
    """Registers a function as a check."""

    def register(ask):
        CHECKS.append(Check(name, ask))
        return ask

    return register


# How the answer of a judge begins who found no words of his own.
STUMBLED = "stumbled:"


def objection(one, sample):
    """What `one` has against `sample`, or None."""
    try:
        one.ask(sample)
    except Objection as e:
        return str(e)
    except Exception:
        return f"{STUMBLED} {traceback.format_exc(limit=-2).strip()}"
    return None


def run_all(samples, jobs):
    """Asks every question of every sample; tells all objections. Gives the numbers of passed and failed."""
    passed = failed = 0
    with ThreadPoolExecutor(jobs) as pool:
        for one in CHECKS:
            answers = list(pool.map(partial(objection, one), samples))
            objections = [(s, a) for s, a in zip(samples, answers, strict=True) if a is not None]
            passed += len(samples) - len(objections)
            failed += len(objections)
            print(f"{'FAIL' if objections else 'ok':4}  {one.name}: {len(samples) - len(objections)} of {len(samples)}")
            for sample, answer in objections[:5]:
                print(f"        {sample.name}: " + answer.replace("\n", "\n          "))
            if len(objections) > 5:
                print(f"        and {len(objections) - 5} more")
    return passed, failed


def require(condition, complaint):
    """Objects with `complaint` unless `condition`."""
    if not condition:
        raise Objection(complaint)


def ask(*command, accept=(0,), stdin=None):
    """Runs a stranger's program; objects unless its exit code is in `accept`. Gives its stdout as bytes."""
    command = [str(part) for part in command]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120)
    if done.returncode not in accept:
        words = (done.stdout[-600:] + b"\n" + done.stderr[-600:]).decode(errors="replace").strip()
        raise Objection(f"{' '.join(command)} exits with {done.returncode}: {words}")
    return done.stdout


def ask_text(*command, **options):
    """As `ask`, with the answer as text."""
    return ask(*command, **options).decode()
