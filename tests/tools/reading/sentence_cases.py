"""Places where it is hard to say whether a sentence ends, written before any engine had seen them.

Each case is the sentences of one text, in its language.
"""

from __future__ import annotations

__all__ = ["CASES", "Case"]

Case = tuple[str, tuple[str, ...]]

CASES: tuple[Case, ...] = (
    # Names and titles
    ("en", ("J.K. Rowling wrote the books.", "She lives in Scotland.")),
    ("en", ("The novel is by J. R. R. Tolkien.", "It was published in 1954.")),
    ("en", ("Dr. Osk met Prof. Marsh.", "They spoke about Mrs. Tarn.")),
    ("en", ("Martin Luther King Jr. was born in Atlanta.", "He became a minister.")),
    ("en", ("He was named after John Smith Sr.", "The family lived in Ohio.")),
    ("en", ("Lt. Col. James Hale led the unit.", "Gen. Osk stayed behind.")),
    ("en", ("St. Louis lies on the river.", "It has an arch.")),
    ("en", ("The winner was Malcolm X.", "Nobody was surprised.")),
    ("en", ("Ask Rev. Tarn or Hon. Osk about it.", "They know.")),
    # Companies and abbreviations
    ("en", ("She works for Acme Inc.", "It sells anvils.")),
    ("en", ("Acme Inc. sells anvils.", "Tarn Ltd. buys them.")),
    ("en", ("He brought pens, paper, etc. and left early.", "Nobody saw him.")),
    ("en", ("Use a fixed rate, e.g. five percent.", "It is easier.")),
    ("en", ("The animals, i.e. cats and dogs, were fed.", "They slept.")),
    ("en", ("See Fig. 3 and Eq. 2 for the proof.", "It is short.")),
    ("en", ("The case of Osk vs. Tarn was closed in Jan. 1990.", "Both lost.")),
    ("en", ("The office is in Washington D.C.", "It opens at nine.")),
    ("en", ("The U.S. Senate voted on it.", "The bill passed.")),
    ("en", ("She moved to the U.S. in 1990.", "He followed.")),
    ("en", ("We came back to the U.S.", "Then we rested.")),
    # Times, numbers, versions
    ("en", ("The shop opens at 9 a.m. on Mondays.", "It closes at 5 p.m.")),
    ("en", ("We met at 5 p.m.", "The talk was short.")),
    ("en", ("It costs $3.50 a piece.", "Ten cost $30.00.")),
    ("en", ("Version 2.0.1 is out.", "Upgrade from 1.9 first.")),
    ("en", ("He lives at No. 5 Mill Road.", "No. 7 is empty.")),
    ("en", ("The rate rose from 3.5 to 4.1 percent.", "Prices followed.")),
    ("en", ("It happened in 1999.", "2000 was calmer.")),
    # Quotes, brackets, dots
    ("en", ('"Are you coming?" she asked.', "He nodded.")),
    ("en", ('He said "I am done."', "Then he left.")),
    ("en", ("She called it “a triumph.”", "Others disagreed.")),
    ("en", ("He left (nobody saw why).", "The door stayed open.")),
    ("en", ("They won. (It was a close call.)", "The crowd cheered.")),
    ("en", ("Well... I don't know.", "Ask somebody else.")),
    ("en", ("What?!", "You cannot be serious.")),
    ("en", ("Stop!", "Who goes there?", "Nobody answered.")),
    ("en", ("He wrote 'Go Away!' in a week.", "It sold well.")),
    ("en", ("The band Wham! broke up in 1986.", "Fans cried.")),
    ("en", ("Yahoo! was founded in 1994.", "It grew fast.")),
    # Computers
    ("en", ("Open config.yaml in your editor.", "Then run main.py again.")),
    ("en", ("Visit https://example.com/a.b?c=d. for details.", "It is free.")),
    ("en", ("Write to ana.morel@example.org.", "She answers soon.")),
    ("en", ("Node.js and ASP.NET are both used.", "Pick one.")),
    ("en", ("iPhone sales fell.", "iPad sales rose.")),
    # References
    ("en", ("This was shown by Osk et al. in 2010.", "Others doubt it.")),
    ("en", ("It is widely used.[3]", "Few know why.")),
    ("en", ("See pp. 12-15 of vol. 2.", "The rest is index.")),
    # German
    ("de", ("Am 3. Mai 1990 zog er nach Berlin.", "Dort blieb er.")),
    ("de", ("Man kann z.B. Tee trinken.", "Kaffee geht auch.")),
    ("de", ("Dr. Osk wohnt in der Goethestr. 5.", "Er ist Arzt.")),
    ("de", ("Das gilt u.a. für Kinder, d.h. bis 12 Jahre.", "Danach nicht.")),
    ("de", ("Friedrich II. war König von Preußen.", "Er spielte Flöte.")),
    # Other languages
    ("fr", ("M. Dupont habite à Lyon.", "Il est médecin.")),
    ("fr", ("Elle est née le 1er mai 1950 env. à Paris.", "Elle y vit.")),
    ("es", ("¿Quién escribió el libro?", "Lo escribió la Sra. Morel.")),
    ("es", ("¡Hola!", "Vivo en EE. UU. desde 1990.")),
    ("it", ("Il sig. Rossi abita a Roma.", "Lavora all'Univ. di Pisa.")),
    ("zh", ("他住在北京。", "他是医生。")),
    ("ja", ("彼は東京に住んでいる。", "「本当ですか？」と彼女は聞いた。")),
    ("hi", ("वह दिल्ली में रहता है।", "वह डॉक्टर है।")),
    ("ar", ("هل تعرفه؟", "إنه طبيب.")),
    ("ru", ("Он родился в 1950 г. в Москве.", "Он врач.")),
    ("nl", ("Dhr. Osk woont in Utrecht.", "Hij is arts.")),
    ("pl", ("Dr Osk mieszka przy ul. Długiej 5.", "Jest lekarzem.")),
    ("fr", ("Le Dr. Osk et Mrs. Tarn sont arrivés hier.", "Ils sont repartis.")),
    ("en", ("Ms. Osk met Ms. Tarn in the old town.", "They spoke.")),
    ("en", ("They sang two songs.", '"Salt Winter" was the last of them.')),
    ("pt", ("O Sr. Silva mora em Lisboa.", "Ele é médico.")),
)
