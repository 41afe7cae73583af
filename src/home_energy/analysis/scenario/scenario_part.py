"""What every part of a scenario's file has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Part(BaseModel):
    """A block of the file: a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
