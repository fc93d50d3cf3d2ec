"""Subjects that a manager may keep from leading: crime and war, and politics. Pure.

A wrong yes costs a story its place at the top, never its place in the list, so the words are few and plain.
"""

import re

from bot.domain.editions import LeadChoice
from bot.domain.stories import Story
from bot.domain.topics import Topic

# By language, in order: English, German, French, Spanish, Portuguese. Stems end in \w*.
_VIOLENCE = (
    r"murder\w*|kill(?:ed|er|ers|ing|ings|s)?|shooting\w*|shot dead|gun(?:man|men|fire)|stabb\w+|homicid\w*|"
    r"massacre\w*|terror\w*|bomb(?:s|ed|er|ing|ings)?|hostage\w*|kidnap\w*|rapes?|raped|rapists?|assault\w*|arson\w*|"
    r"traffick\w+|smuggl\w+|robber\w*|manslaughter|genocide|war|wars|warplane\w*|air ?strikes?|missile\w*|"
    r"(?:drone|second|deadly|military) strikes?|artillery|ceasefire|invasion|invade\w*|troops|shell(?:ed|ing)|"
    r"insurgen\w*|attack(?:s|ed|er|ers)?|casualt\w+|dead|deaths?|"
    r"mord\w*|getötet\w*|krieg\w*|angriff\w*|anschlag\w*|geisel\w*|raketen\w*|tote[nr]?|"
    r"meurtr\w*|tuée?s?|guerres?|attentats?|otages?|fusillade\w*|"
    r"asesin\w*|guerras?|atentados?|rehenes|tiroteo\w*|muert[oa]s?|"
    r"assassin\w*|mort[oa]s|tiroteios?"
)
_CRIME_AND_WAR = re.compile(rf"\b(?:{_VIOLENCE})\b", re.IGNORECASE)
_NOT_MEANT = re.compile(
    r"\b(?:(?:trade|price|bidding|tariff|culture|star) wars?|world war (?:i|ii|1|2|one|two)|time bombs?|dead heat|"
    r"(?:heart|panic) attacks?|kill(?:ed|s)? (?:a|the) bill)\b",
    re.IGNORECASE,
)
_POLITICS = re.compile(
    r"\b(?:presidents?|presidential|prime ministers?|ministers?|parliament\w*|senat\w+|congress\w*|lawmakers?|"
    r"legislat\w+|elections?|electoral|voters?|ballots?|referendum\w*|impeach\w*|democrats?|republicans?|"
    r"white house|kremlin|"
    r"bundes(?:tag|rat|regierung|kanzler\w*)|kanzler\w*|minister(?:in|präsident\w*)?|präsident(?:in|en)?|landtag\w*|"
    r"wahlen|wahlkampf|(?:bundestags|landtags|präsidentschafts|europa)wahl\w*|koalition\w*|"
    r"présiden\w+|premier ministre|ministres?|élections?|députée?s?|assemblée nationale|"
    r"president[ae]s?|ministr[oa]s?|elecciones|elección|parlamento|diputad[oa]s?|"
    r"eleiç(?:ão|ões)|deputad[oa]s?)\b",
    re.IGNORECASE,
)
_OTHER_PRESIDENTS = re.compile(r"\b(?:club|company|bank|university|fifa|uefa|fed) presidents?\b", re.IGNORECASE)


def is_crime_or_war(story: Story) -> bool:
    """Whether any headline of the story speaks of violence, crime or war."""
    return any(_CRIME_AND_WAR.search(_NOT_MEANT.sub(" ", article.headline)) for article in story.articles)


def is_politics(story: Story) -> bool:
    """Whether the story's topics or any of its headlines are of politics; only English and some sources give topics."""
    if Topic.POLITICS in story.topics:
        return True
    return any(_POLITICS.search(_OTHER_PRESIDENTS.sub(" ", article.headline)) for article in story.articles)


def may_lead(story: Story, choice: LeadChoice) -> bool:
    """Whether a manager's lead choice lets the story lead."""
    if choice is LeadChoice.NO_CRIME_AND_WAR:
        return not is_crime_or_war(story)
    if choice is LeadChoice.NO_POLITICS:
        return not is_politics(story)
    return True
