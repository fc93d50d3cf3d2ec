"""Furniture: what stands around the news in an article and is not news: datelines, bylines, "Read more"."""

import re

from bot.language.words import words_of

_LONGEST = 400  # characters looked at; what is longer is no notice, and hostile text must not cost time
_AGENCIES = (
    r"AP|AFP|ANI|ANSA|BBC(?: News)?|Bloomberg|CBS(?: News)?|CNBC|CNN(?: ?\w+)?|dpa|DPA|EFE|Fox News|IANS|Interfax"
    r"|Kyodo|Lusa|MNI|NBC(?: News)?|NPR|PTI|RIA|Reuters(?: Health)?|TASS|UPI|VOA|Xinhua|Yonhap"
)
_DATELINES = re.compile(
    # "LONDON, March 3 (Reuters) - ", "(CNN)", "Naypyidaw, Myanmar (CNN) — "
    rf"\s*(?:[^\W\d_][\w.'’]*(?:[ ,/-]+[\w.'’]+){{0,7}},?\s*)?\((?:{_AGENCIES})(?:/\w{{2,5}})?\)"
    r"\s*(?:\.?[-–—:]{1,2}\s*)?(?=\S)"
    # "(Rolling Stone)Kanye": brackets closed onto the next word
    r"|\s*\((?:[A-Z][\w.&' ]{1,30})\)(?=[A-Z\"“‘])"
    # "BERLIN — ", "WASHINGTON, D.C. – ", "ROME, May 3, 2026 /Wire/ -- "; "IBM — the firm" goes on in lower case
    r"|\s*[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}(?:, (?:[A-Z][\w.]+|\d{1,2})(?: [A-Z]?[\w.]+){0,2})?"
    r"(?:, \d{4})?(?: /[\w ]{2,20}/)?\s*(?:--|[–—]|- )\s*(?=[^\W_a-z]|[\"“‘'«$€£])"
    # "新华社北京5月3日电 ", "【東京＝山田太郎】", "（共同）"
    r"|\s*(?:新华社[^\s，。]{2,16}电(?:（[^）]{1,20}）)?\s*|【[^】]{2,20}】|（(?:共同|時事|ロイター|AP|AFP)[^）]{0,10}）)(?=\S)"
    # "МОСКВА, 3 мая — РИА Новости. "
    r"|\s*[^\W\d_][\w -]{1,30}[,，]\s*\d{1,2}\s+[^\W\d_]+\s*[-–—./]{1,2}\s*(?:[^\W\d_][\w ]{1,20}[.:]\s+)?(?=[^\W\d_])"
)
_PICTURED = re.compile(r"\((?:pictured|left|right|above|below|file photo|archive)[^)]*\)", re.IGNORECASE)
_FURNITURE = re.compile(
    r"""[\[(>»•*–—-]*\s?(?:
      (?-i:(?:By|BY)\s+[A-Z][\w.'’-]+(?:\s+(?:and\s)?[A-Z][\w.'’-]+){1,5}\s*(?:[,|].{0,60})?$)
    | (?:read|see|watch|listen|hear|more|related|also|photos?|pictures?|gallery|video|image|live
      |analysis|explainer|opinion)
      (?:\s(?:more|also|this|next|on|from|the\sfull|gallery|credit|caption|stories|story|articles?))*\s*[:|»>]
    | read\s(?:more|also|next|the\sfull|full)\b | see\s(?:also|more)\b | click\s(?:here|to|on)\b
    | more\s(?:from|on|about)\s.{0,60}$
    | (?:sign\sup|subscribe|follow|join)\s(?:for|to|us|our|@|on|up|now|here|the)\b
    | like\s(?:us|our|this)\s(?:on|page)\b
    | (?:share|save|print|email|tweet|comments?|advertisement|sponsored|correction|editor['’]s\snote|updated?)\b
      \s*(?:[:|(-]|$|this|on\b|at\b)
    | (?:first\s|last\s)?(?:published|posted|updated|modified)\b[\w\s,.:|–-]{0,50}\d
      (?:\s?[ap]\.?m\.?)?(?:\s(?-i:[A-Z]{2,4}))?\.?$
    | \(?(?:additional\s)?(?:reporting|writing|editing)(?:\sand\s\w+)?\sby\s
      (?-i:[A-Z][\w.'’-]+(?:,?\s(?:and\s|in\s)?[A-Z][\w.'’-]+)*)\s*(?:[;.)]|$)
    | \d{1,2}[\s-]min(?:ute)?s?\s(?:read|ago)\b | more\sto\s(?:follow|come)\b.{0,30}$
    | check\sback\s(?:for|later|soon)\b | this\sis\sa\s(?:developing|breaking)\b
    | (?:story|article)\scontinues\b | continue\sreading\b
    | copyright\b | © | all\srights\sreserved | the\s(?:opinions?|views)\sexpressed
    | this\s(?:article|story|piece)\s(?:was|is|has|first|originally)
    | (?:image|photo|picture|video|media|getty|reuters|ap)\s(?:caption|credit|source|copyright|images|photo)\b
    | (?-i:(?:Von|Par|Por|Di)(?:\s[^\W\d_a-z][\w.'’-]+){2,3}$)
    | publi(?:é|cado|cada)\s(?:le|el|em|a)\s.{0,40}\d
    | (?:veröffentlicht|aktualisiert)\s(?:am|um)\s.{0,40}\d(?:\sUhr)?\.?$
    | abonnez-vous | suscríb[ae]te | inscreva-se | подписывайтесь | (?:写真|图片来源|责任编辑|编辑|来源)[:：]
    | lesen\ssie | mehr\szum\sthema | siehe\sauch | à\slire | lire\saussi | voir\saussi | le[ae]\stambién
    | le\spuede\sinteresar | leia\s(?:mais|também) | veja\stambém | leggi\sanche | lees\sook
    | читайте\s(?:также|ещё|еще) | подробнее\b | اقرأ\sأيضا | यह\sभी\sपढ़ें | ये\sभी\sपढ़ें
    | あわせて読みたい | 関連記事 | 相关阅读 | 延伸阅读 | 更多报道
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ONLY_DATELINE = re.compile(  # "РИА Новости.", "/TASS/.", "MOSCOW, May 3."
    rf"/?(?:{_AGENCIES}|РИА Новости|ТАСС|Интерфакс)/?[.:]?"
    r"|[A-ZА-ЯЁ][A-ZА-ЯЁ' -]{2,30}, (?:[^\W\d_]{3,9}\.? \d{1,2}|\d{1,2} \w{3,9})\."
)
_INSIDE = re.compile(
    r"contributed to this (?:report|story|article)|all rights reserved|may not be published, broadcast"
    r"|(?:\bour|you (?:agree|accept)|agree to)\b.{0,60}\b(?:terms of (?:use|service)|terms and conditions"
    r"|privacy (?:policy|notice))"
    r"|(?:\bour|\bthis|sign up|subscribe|your inbox)\b.{0,60}\bnewsletter|sign up for"
    r"|(?:getty|ap|afp|reuters|epa)[ /](?:images|photo)"
    r"|click here|scroll down|video below|full story:|for more information|photograph: |pic\.twitter|https?://|www\.\w|@\w+\.com"
    r"|follow (?:us|him|her|@\w+|\w+ \w+) on (?:twitter|facebook|instagram|x)\b|e-?mail (?:us|him|her) at"
    r"|are solely those of|opinions expressed",
    re.IGNORECASE,
)
_TELLTALES = (
    "contributed", "reserved", "may not be", "terms ", "privacy", "images", "photo", "sign up", "newsletter", "click",
    "scroll", "video", "full story", "information", "http", "www.", "@", "follow", "mail", "solely", "opinions", "pic.",
)  # fmt: skip


def without_dateline(sentence: str) -> str:
    """Give the sentence from its first word of news on: "(CNN)" and "LONDON (Reuters) - " are left out."""
    found = _DATELINES.match(sentence)
    rest = sentence[found.end() :].lstrip() if found else sentence
    return rest if len(rest) > len(sentence) // 3 else sentence


def is_furniture(sentence: str) -> bool:
    """Say whether a sentence is a byline, a caption, a notice or an invitation to read on."""
    text = sentence.strip()[:_LONGEST]
    if text.partition(":")[0].strip().casefold() in words_of("captions"):
        return True
    return bool(_FURNITURE.match(text) or _ONLY_DATELINE.fullmatch(text) or _has_notice(text) or _PICTURED.search(text))


def _has_notice(text: str) -> bool:
    """Look for a notice within a sentence; most sentences have no word of any, which is told ten times as fast."""
    lowered = text.lower()
    return any(word in lowered for word in _TELLTALES) and bool(_INSIDE.search(text))
