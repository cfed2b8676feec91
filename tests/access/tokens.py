"""Access tokens as somebody would forge them who knows, or does not know, the secret of the tests' servers."""
import base64
import hashlib
import hmac
import json

SECRET = "the secret of a server that tests started"  # its JWT_SECRET
HEADER = {"alg": "HS256", "typ": "JWT"}


def part(value):
    """Base64url without padding, of JSON as kinora writes it or of text as it stands."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def signed(header, claims, secret=SECRET, digest=hashlib.sha256):
    head = f"{part(header)}.{part(claims)}"
    mac = hmac.new(secret.encode(), head.encode(), digest).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def claims_of(token):
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def changed(token, **claims):
    """The same with other claims, signed rightly."""
    return signed(HEADER, {**claims_of(token), **claims})
