"""Operations on reference samples."""

from mpex_server.http.call import Reply
from mpex_server.http.context import Context
from mpex_server.http.operations import operation
from mpex_server.records import routes
from mpex_server.reference_samples import service
from mpex_server.reference_samples.service import SAMPLES

routes.register(
    SAMPLES,
    create="createReferenceSample",
    read="getReferenceSample",
    replace="replaceReferenceSample",
    listing="listReferenceSamples",
)


@operation("getComparability")
def get_comparability(ctx: Context) -> Reply:
    """Say what a laboratory can compare with the sample."""
    return Reply(body=service.comparability(ctx, ctx.path["sampleId"], ctx.path["recordId"]))
