"""What the demo company has written into its knowledge base. Data, not interface."""

from __future__ import annotations

PRODUCT = {
    "title_en": "SPC or WPC: which floor for which room?",
    "body_en": """
| | SPC | WPC |
|---|---|---|
| Core | stone and polymer, hard | wood and polymer, soft |
| Underfoot | firm, cool | warm, quiet |
| Best for | shops, offices, floor heating | bedrooms, hotels |

> May I ask where it lies and how many people walk on it each day?

Up to 27 °C at the surface both may lie on floor heating; beyond that only **SPC**.
""".strip(),
    "title_zh_hans": "SPC 还是 WPC：什么空间用什么地板？",
    "body_zh_hans": """
| | SPC | WPC |
|---|---|---|
| 基材 | 石塑，硬 | 木塑，软 |
| 脚感 | 结实、偏凉 | 温暖、安静 |
| 适合 | 商铺、办公室、地暖 | 卧室、酒店 |

> 请问铺在哪里？每天大约多少人走动？

地面温度 27 °C 以内两者均可配地暖，超过则只用 **SPC**。
""".strip(),
    "title_zh_hant": "SPC 還是 WPC：什麼空間用什麼地板？",
    "body_zh_hant": """
| | SPC | WPC |
|---|---|---|
| 基材 | 石塑，硬 | 木塑，軟 |
| 腳感 | 扎實、偏涼 | 溫暖、安靜 |
| 適合 | 店面、辦公室、地暖 | 臥室、飯店 |

> 請問鋪在哪裡？每天大約多少人走動？

地面溫度 27 °C 以內兩者均可搭配地暖，超過則只用 **SPC**。
""".strip(),
    "title_de": "SPC oder WPC: welcher Boden für welchen Raum?",
    "body_de": """
| | SPC | WPC |
|---|---|---|
| Träger | Stein und Kunststoff, hart | Holz und Kunststoff, weich |
| Unter dem Fuß | fest, kühl | warm, leise |
| Am besten für | Läden, Büros, Fußbodenheizung | Schlafräume, Hotels |

> Wo liegt er, und wie viele Menschen gehen täglich darüber?

Bis 27 °C an der Oberfläche dürfen beide auf einer Fußbodenheizung liegen, darüber nur **SPC**.
""".strip(),
}
REVISED = {
    "body_en": """
1. **Be sorry first, ask afterwards.**
   > I am sorry, {contact_name}. Is anybody hurt, is anything unsafe? Then let us look at it together.
2. **Photos before anything is unpacked**: vehicle, package, piece, label. Remark on the delivery note, packing kept.
3. **What do they need for the next working day?** Only that decides whether we send today.
4. **Say the way**
   > I open a complaint for you now. You get a proposal within 24 hours: replacement, repair or a reduction, as you prefer.
5. Hidden damage is reported in writing within seven days. Never say “the carrier did that” before it is known.
""".strip(),
}
DRAFT = {
    "title_en": "Hidden damage: the seven days",
    "body_en": "What is not seen at the gate is reported **in writing within seven days**, with photos of the packing.",
    "title_zh_hans": "",
    "body_zh_hans": "",
    "title_zh_hant": "",
    "body_zh_hant": "",
    "title_de": "Verdeckte Schäden: die sieben Tage",
    "body_de": "Was am Tor nicht zu sehen ist, wird **binnen sieben Tagen schriftlich** gemeldet, mit Fotos der Verpackung.",
}
