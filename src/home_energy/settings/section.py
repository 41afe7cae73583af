"""What every section of `home.toml` has in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the file: a key that is not known is a fault; nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
