"""The proof key: only the verifier behind the challenge proves anything."""

import pytest

from xero_sandbox.identity.pkce import challenge_for, is_well_formed, proves

# The example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_challenge_is_that_of_the_standards_example() -> None:
    assert challenge_for(VERIFIER) == CHALLENGE


def test_the_right_verifier_proves_the_challenge() -> None:
    assert proves(VERIFIER, CHALLENGE)


@pytest.mark.parametrize(
    ("verifier", "challenge"),
    [
        (VERIFIER[:-1] + "l", CHALLENGE),
        (None, CHALLENGE),
        ("", CHALLENGE),
        (VERIFIER, None),  # a verifier for a code that was issued without a challenge
        ("é" * 43, CHALLENGE),
        (VERIFIER * 3, CHALLENGE),
    ],
)
def test_anything_else_proves_nothing(verifier: str | None, challenge: str | None) -> None:
    assert not proves(verifier, challenge)


def test_no_verifier_is_right_where_no_challenge_was_made() -> None:
    assert proves(None, None)


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [("a" * 42, False), ("a" * 43, True), ("a" * 128, True), ("a" * 129, False), ("a" * 43 + "\n", False)],
)
def test_a_verifier_has_43_to_128_characters(text: str, well_formed: bool) -> None:
    assert is_well_formed(text) is well_formed
