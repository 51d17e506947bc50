"""The smallest schedules that can show a kind of mistake."""

from __future__ import annotations

import random
from collections.abc import Iterable

from simulation.faults import Fault
from simulation.hub import Trouble
from simulation.plan import Deed, Plan

LOSING = frozenset({Fault.LOST_REPLY, Fault.LOST_REQUEST, Fault.APPLIED_LATE, Fault.SAVED_500})


def made(
    seed: int,
    *deeds: Deed,
    kinds: Iterable[Fault] = (),
    rate: float = 0.5,
    workers: int = 1,
    trouble: Trouble | None = None,
    overlap: float = 0.0,
    homes: tuple[int, ...] = (0,),
    edits: Iterable[Deed] = (),
    minutes: float = 15,
    only: str = "/",
) -> Plan:
    return Plan(
        seed=seed,
        homes=homes,
        workers=workers,
        skews=(0.0,) * (workers + 2),
        kinds=frozenset(kinds),
        rate=rate,
        trouble=trouble or Trouble(),
        ticks_overlap=overlap,
        ticks_lost=0.0,
        deeds=sorted(deeds, key=lambda deed: deed.at),
        edits=list(edits),
        chaos_seconds=minutes * 60,
        only=only,
    )


def one_invoice(seed: int) -> Plan:
    """Nothing goes wrong."""
    return made(seed, Deed(1, 0, "copy", 0.0), Deed(60, 0, "pay", 0.5), rate=0)


def two_payments(seed: int) -> Plan:
    """Replies are lost and requests come late while two payments are sent."""
    deeds = [Deed(1, 0, "copy", 0.0), Deed(20, 0, "pay", 0.5), Deed(300, 0, "pay the rest", 0.5)]
    return made(seed, *deeds, kinds=LOSING, rate=0.8, minutes=25, only="/api.xro/2.0/Payments")


def an_invoice_in_doubt(seed: int) -> Plan:
    """Replies are lost and requests come late while a contact and an invoice are sent."""
    return made(seed, Deed(1, 0, "copy", 0.0), kinds=LOSING, rate=0.6, minutes=25, only="/api.xro/")


def an_invoice_and_its_payment(seed: int) -> Plan:
    """The invoice is in doubt, and its payment is recorded meanwhile."""
    deeds = [Deed(1, 0, "copy", 0.0), Deed(10, 0, "pay", 0.5)]
    return made(seed, *deeds, kinds=LOSING, rate=0.7, only="/api.xro/2.0/Invoices")


def late_payments(seed: int) -> Plan:
    """Every reply is lost, and many requests come minutes late."""
    deeds = [Deed(1, 0, "copy", 0.0), *(Deed(at, 0, "pay", 0.5) for at in (30, 60, 90, 120, 150, 180))]
    kinds = {Fault.LOST_REPLY, Fault.APPLIED_LATE}
    return made(seed, *deeds, kinds=kinds, rate=0.97, minutes=8, only="/api.xro/2.0/Payments")


def a_limit_after_a_lost_reply(seed: int) -> Plan:
    """A payment whose reply was lost is sent again, and Xero says that its limit is reached."""
    deeds = [Deed(1, 0, "copy", 0.0), *(Deed(30.0 * n, 0, "pay", 0.5) for n in range(1, 4))]
    kinds = {Fault.LOST_REPLY, Fault.LOST_REQUEST, Fault.MINUTE_429}
    return made(seed, *deeds, kinds=kinds, rate=0.8, minutes=8, only="/api.xro/2.0/Payments")


def odd_cents(seed: int) -> Plan:
    """Payments of amounts that a float can't hold."""
    return made(seed, Deed(1, 0, "copy", 0.4), *(Deed(10.0 * n, 0, "pay", 0.5) for n in range(1, 7)), rate=0)


def six_at_once(seed: int) -> Plan:
    """A batch, whose reply is out of order or not whole."""
    kinds = {Fault.OTHER_ORDER, Fault.WITHOUT_LAST, Fault.LOST_REPLY}
    return made(seed, Deed(1, 0, "copy many", 0.99), kinds=kinds, rate=0.6)


def dying_workers(seed: int) -> Plan:
    """Workers die often, and the network is well."""
    deeds = [Deed(1, 0, "copy", 0.0), Deed(120, 0, "pay", 0.5), Deed(180, 0, "pay", 0.5), Deed(240, 0, "pay", 0.5)]
    return made(seed, *deeds, rate=0, workers=2, trouble=Trouble(switch=0.1, kill=0.04), minutes=30)


def sleeping_workers(seed: int) -> Plan:
    """Workers freeze for longer than the quarantine lasts, and others take over."""
    deeds = [Deed(1, 0, "copy", 0.0), *(Deed(60.0 * n, 0, "pay", 0.5) for n in range(1, 7))]
    trouble = Trouble(freeze=0.02, freeze_seconds=(700, 1000))
    return made(seed, *deeds, rate=0, workers=4, trouble=trouble, overlap=0.5, minutes=40)


def several_workers(seed: int) -> Plan:
    """Ticks of one organisation run side by side."""
    deeds = [Deed(1, 0, "copy many", 0.3), *(Deed(30.0 * n, 0, "pay", 0.1 * n) for n in range(1, 6))]
    return made(seed, *deeds, rate=0.2, kinds=LOSING, workers=4, trouble=Trouble(switch=0.3), overlap=0.9)


def old_tokens(seed: int) -> Plan:
    """Tokens run out every half hour, and their answers are lost."""
    deeds = [Deed(1900.0 * n, 0, "copy", 0.19 * n) for n in range(1, 5)]
    kinds = {Fault.LOST_REPLY, Fault.APPLIED_LATE, Fault.SAVED_500}
    trouble = Trouble(switch=0.2, freeze=0.05, freeze_seconds=(40, 90))
    return made(seed, *deeds, kinds=kinds, rate=0.4, workers=3, trouble=trouble, overlap=0.9, minutes=150)


def lost_tokens(seed: int) -> Plan:
    """The answer to a refresh is lost; a worker and the sweep ask again at the same moment."""
    deeds = [Deed(1600.0 + 11 * n, 0, "copy", 0.1 * n) for n in range(10)]
    kinds = {Fault.LOST_REPLY, Fault.APPLIED_LATE}
    return made(seed, *deeds, kinds=kinds, rate=0.8, workers=2, minutes=34, only="/connect/token")


def ended_again_and_again(seed: int) -> Plan:
    """Somebody disconnects while things are under way, again and again, and the database is slow."""
    rng = random.Random(f"ends of {seed}")  # noqa: S311  the same plan again is what it is for
    deeds = [Deed(1, 0, "copy many", 0.5)]
    for n in range(4):
        end = 40 * n + rng.uniform(2, 12)
        deeds += [Deed(end, 0, "disconnect", 0.0), Deed(end + 20, 0, "reconnect", 0.0)]
        deeds.append(Deed(end + 25, 0, "copy", 0.2 * n))
    return made(seed, *deeds, rate=0, workers=2, trouble=Trouble(switch=0.7), minutes=3)


def cancelled_while_sending(seed: int) -> Plan:
    """Somebody cancels a run while it is under way."""
    end = random.Random(f"end of {seed}").uniform(1, 3.5)  # noqa: S311  the same plan again is what it is for
    deeds = [Deed(1, 0, "copy many", 0.5), Deed(end, 0, "steer a run", 0.7)]
    return made(seed, *deeds, rate=0, workers=2, trouble=Trouble(switch=0.3), minutes=2)


def ended_in_doubt(seed: int) -> Plan:
    """Somebody disconnects while a payment is in doubt, reconnects, and asks for it again."""
    deeds = [
        Deed(1, 0, "copy", 0.0),
        Deed(10, 0, "pay", 0.5),
        Deed(40, 0, "disconnect", 0.0),
        Deed(50, 0, "reconnect", 0.0),
        Deed(70, 0, "retry", 0.0),
    ]
    return made(seed, *deeds, kinds=LOSING, rate=0.9, only="/api.xro/2.0/Payments")


def two_companies(seed: int) -> Plan:
    """Two workspaces share an organisation, and one number; a third has its own."""
    deeds = [Deed(1, 0, "copy", 0.99), Deed(60, 1, "copy", 0.99), Deed(70, 2, "copy many", 0.3)]
    return made(seed, *deeds, homes=(0, 1, 2), rate=0, workers=2, trouble=Trouble(switch=0.2))


def limits(seed: int) -> Plan:
    """Xero asks to wait."""
    deeds = [Deed(1, 0, "copy many", 0.9), *(Deed(5.0 * n, 0, "copy", 0.05 * n) for n in range(1, 19))]
    return made(seed, *deeds, kinds={Fault.MINUTE_429, Fault.DAY_429}, rate=0.4, workers=2)


def edited_invoice(seed: int) -> Plan:
    """A bookkeeper changes an invoice while its reply is lost."""
    edits = [Deed(200.0 + 60 * n, 0, "edit invoice", 0.0) for n in range(4)]
    deed = Deed(1, 0, "copy", 0.0)
    only = "/api.xro/2.0/Invoices"
    return made(seed, deed, kinds={Fault.LOST_REPLY}, rate=0.97, edits=edits, minutes=8, only=only)


def clicks(seed: int) -> Plan:
    """Equal clicks, one after the other."""
    return made(seed, Deed(1, 0, "copy twice", 0.0), Deed(5, 0, "copy twice", 0.0), rate=0)


def archived_account(seed: int) -> Plan:
    """Xero declines an invoice, since its account was archived."""
    return made(seed, Deed(30, 0, "copy", 0.0), rate=0, edits=[Deed(1, 0, "archive account", 0.0)])
