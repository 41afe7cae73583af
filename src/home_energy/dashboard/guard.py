"""What a browser may do on our pages: nothing from elsewhere, nothing inline."""

from flask import Response, request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADER = "Content-Security-Policy"
_UNUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: a form of ours would then come from the origin `null`.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
}
_HEALTH_PATH = "/healthz"
"""Whether it is answered at all may be seen from a file: the fridge's boot page is."""


def guard(response: Response) -> Response:
    """Guard an answer; what `allow` let in for it stands."""
    response.headers.setdefault(_HEADER, _written(_POLICY))
    who = "cross-origin" if request.path == _HEALTH_PATH else "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = who
    response.headers.update(_HEADERS)
    return response


def allow(response: Response, **loosened: str) -> Response:
    """Let in more on one answer, by directive: `style_src_attr="'unsafe-inline'"`."""
    more = {name.replace("_", "-"): value for name, value in loosened.items()}
    response.headers[_HEADER] = _written(_POLICY | more)
    return response


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
