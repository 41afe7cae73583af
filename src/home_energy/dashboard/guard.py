"""What a browser may do on our pages: nothing from elsewhere, nothing inline."""

from flask import Response

_POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADER = "Content-Security-Policy"


def guard(response: Response) -> Response:
    """Guard an answer; what `allow` let in for it stands."""
    response.headers.setdefault(_HEADER, _written(_POLICY))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def allow(response: Response, **loosened: str) -> Response:
    """Let in more on one answer, by directive: `style_src_attr="'unsafe-inline'"`."""
    more = {name.replace("_", "-"): value for name, value in loosened.items()}
    response.headers[_HEADER] = _written(_POLICY | more)
    return response


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
