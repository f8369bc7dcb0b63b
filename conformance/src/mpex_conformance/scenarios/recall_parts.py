"""Recalls of some accounts of a release: nobody's withdrawal takes away what another person told."""

from mpex_conformance import expect, samples, scenes
from mpex_conformance.lab import Lab
from mpex_conformance.registry import check


@check("recl-023", requirements=["RECL-023"], needs=["partner.one", "mock"])
def others_stay(lab: Lab) -> None:
    """The withdrawal of one enquirer names that enquirer's account only, and the rest is released anew."""
    mock, known = lab.mock("one"), scenes.known(lab)
    other = scenes.directive(lab, [samples.grant([scenes.PURPOSE])])
    others = scenes.another_account(lab, known, other)
    request, _ = scenes.released(lab, scenes.hit(lab, known))
    seen = len(mock.events)
    scenes.withdraw(lab, other)
    notice = expect.eventually(
        lambda: next((told for event in mock.events[seen:] if (told := event.of("recall"))), None),
        within=lab.config.event_seconds,
        what="a recall of the account that was withdrawn",
    )
    named = {part.get("contribution") for part in notice.get("parts", ())}
    expect.that(named == {others}, "the recall is about more, or less, than the account that was withdrawn")
    again = expect.status(scenes.collect(lab, request), 200).at("disclosures", "names", "values")
    left = [value["contributionId"] for value in again]
    expect.that(len(left) == 1 and others not in left, "another enquirer's account is gone")


@check("recl-024", requirements=["RECL-024"], needs=["partner.one", "mock"])
def rest_stays(lab: Lab) -> None:
    """The account that a recall names is erased, the other stays in use, and the receipt says which went."""
    received = scenes.received(lab, more_accounts=1)
    before = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    gone, kept = before.at("disclosures", "names", "values")
    parts = [{"category": "names", "contribution": gone["contributionId"]}]
    _, receipt = scenes.recalled(lab, "withdrawn", {"parts": parts}, received)
    expect.that(receipt.get("outcome") == "erased", "the receipt says something else than was to be done")
    expect.that(receipt.get("parts") == parts, "the receipt does not name the parts that were erased")
    after = expect.status(lab.staff("getReceivedRelease", receivedReleaseId=received), 200)
    expect.absent(after, [gone["value"]["names"][0]["text"]], "an account that was called back")
    expect.that(after.at("state") == "active", "what was not called back may not be used any more")
    expect.that(after.at("disclosures", "names", "values") == [kept], "what was not called back is gone")
