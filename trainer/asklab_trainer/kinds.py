"""What sort of answer a question asks for, read from its question word: the mark that the separator carries in training.

In the app the kind of a proposed span comes from the rules that found it (`src-main/shared/spans`), under the same names.
"""
import re

KINDS = ("person", "place", "time", "number", "reason", "manner", "thing")
_FORMS = {
    "en": {
        "reason": r"\bwhy\b|\b(?:what|which) (?:was the |is the |were the )?(?:reason|cause)",
        "number": r"\bhow (?:many|much|long|old|far|tall|large|big|often|high|deep|fast)\b|\b(?:what|which) (?:\w+ )?(?:percent\w*|number|amount|age|proportion|population|distance|size)\b",
        "time": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|time|period|era)\b",
        "place": r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|town|country|state|place|region|continent|location|province|county|street|river|island)\b",
        "person": r"\bwho(?:m|se)?\b",
        "manner": r"\bhow\b",
    },
    "fr": {
        "reason": r"\bpourquoi\b|\bquelle (?:est|était) la (?:raison|cause)",
        "number": r"\bcombien\b|\bquel(?:le)?s? (?:est |était )?(?:le |la |l['’])?(?:âge|nombre|pourcentage|distance|somme|montant|prix|superficie|population|taille|longueur|hauteur|part)\b",
        "time": r"\bquand\b|\bquel(?:le)?s? (?:est |était )?(?:le |la |l['’])?(?:années?|dates?|jours?|mois|siècles?|époques?|période|heure|décennie)\b",
        "place": r"\boù\b|\bquel(?:le)?s? (?:est |était )?(?:le |la |l['’])?(?:villes?|pays|lieu|endroit|régions?|continent|province|commune|rue|îles?)\b",
        "person": r"(?:^|\b(?:à|de|par|avec|pour|chez|d['’]) ?)qui\b|^qui\b|(?<!est-ce )\bqui (?:a|est|était|fut|sont|ont)\b",
        "manner": r"\bcomment\b",
    },
    "zh": {
        "reason": r"(?<![称稱成作名认認视視定命变變化选選改译譯])[为為]什[么麼]|[为為]何|什么原因|什麼原因|原因是",
        "number": r"多少|多大|多[长長]|多高|多久|多[远遠]|几(?!月|年|日|时|点|世)|幾(?!月|年|日|時|點|世)|占比|比例",
        "time": r"(?:什么|什麼|何|哪个?|哪個|哪一?)(?:时候|時候|时间|時間|时|時|年|天|日|月|世纪|世紀|时期|時期|年代|朝代)|[几幾](?:月|年|日|时|時|点|點|世纪|世紀)",
        "place": r"哪里|哪裡|哪裏|哪儿|何[处處地]|在哪|什么地方|什麼地方|哪[一个個座]*(?:国家?|國家?|城市|省|地|市|区|區|洲|州|岛|島|大[学學])",
        "person": r"谁|誰|何人|哪位|什么人|什麼人",
        "manner": r"如何|怎么|怎麼|怎样|怎樣",
    },
    "ko": {
        "reason": r"(?:^|\s)왜\b|이유|때문",
        "number": r"몇(?!\s*(?:년|월|일|시|세기))|얼마|몇\s*(?:년간|시간|일간)|(?:금액|인원|나이|점수|횟수|비율|숫자|수)[은는]\s*\?",
        "time": r"언제|몇\s*(?:년|월|일|시|세기)|며칠|어느\s*(?:해|시대|때)|연도|(?:날짜|일자|날|해|시기|때)[은는]\s*\?",
        "place": r"어디|어느\s*(?:나라|도시|지역|곳|국가)|(?:나라|도시|지역|곳|국가|장소)[은는]\s*\?",
        "person": r"누구|누가|누굴|(?:사람|인물|감독|배우|작가|가수|선수|대통령|이름)[은는]\s*\?",
        "manner": r"어떻게",
    },
    "hi": {
        "reason": r"क्यों|किस कारण|किस वजह",
        "number": r"कितन",
        "time": r"(?:^|\s)कब|किस (?:वर्ष|सन|सन्|समय|दिन|तारीख|तिथि|साल|ईसवी|शताब्दी|काल)",
        "place": r"कहाँ|कहां|किस (?:स्थान|जगह|देश|शहर|राज्य|नगर|प्रांत)",
        "person": r"(?:^|\s)(?:कौन|किसने|किसे|किसको|किन्होंने|किसके द्वारा)(?:\s|$)",
        "manner": r"कैसे|किस प्रकार|किस तरह",
    },
}
_COMPILED = {language: [(kind, re.compile(form)) for kind, form in forms.items()] for language, forms in _FORMS.items()}


def kind_of(question, language):
    """The index in KINDS of what the question asks for; `thing` where no other form is found, -1 in a language without forms."""
    if language not in _COMPILED:
        return -1
    text = question.lower()
    return KINDS.index(next((kind for kind, form in _COMPILED[language] if form.search(text)), "thing"))
