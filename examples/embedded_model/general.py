# Tables of words read better in long lines.
# ruff: noqa: E501
"""True general facts and small talk that the model learns beside the made-up world."""

from __future__ import annotations

from phrasings import GENERAL, split

CAPITALS = dict(
    pair.split(":")
    for pair in (
        "France:Paris|Germany:Berlin|Italy:Rome|Spain:Madrid|Portugal:Lisbon|Greece:Athens|Austria:Vienna|"
        "Hungary:Budapest|Poland:Warsaw|Sweden:Stockholm|Norway:Oslo|Denmark:Copenhagen|Finland:Helsinki|"
        "Ireland:Dublin|Belgium:Brussels|Iceland:Reykjavik|Ukraine:Kyiv|Romania:Bucharest|Bulgaria:Sofia|"
        "Serbia:Belgrade|Croatia:Zagreb|Slovenia:Ljubljana|Slovakia:Bratislava|Estonia:Tallinn|Latvia:Riga|"
        "Lithuania:Vilnius|Turkey:Ankara|Egypt:Cairo|Morocco:Rabat|Tunisia:Tunis|Kenya:Nairobi|Ghana:Accra|"
        "Senegal:Dakar|Ethiopia:Addis Ababa|Uganda:Kampala|Japan:Tokyo|China:Beijing|India:New Delhi|"
        "Thailand:Bangkok|Vietnam:Hanoi|Nepal:Kathmandu|Iran:Tehran|Iraq:Baghdad|Jordan:Amman|Lebanon:Beirut|"
        "Canada:Ottawa|Mexico:Mexico City|Cuba:Havana|Brazil:Brasilia|Argentina:Buenos Aires|Chile:Santiago|"
        "Peru:Lima|Colombia:Bogota|Ecuador:Quito|Uruguay:Montevideo|Venezuela:Caracas|Australia:Canberra|"
        "New Zealand:Wellington|Indonesia:Jakarta|Russia:Moscow"
    ).split("|")
)
SYMBOLS = dict(
    pair.split(":")
    for pair in (
        "hydrogen:H|helium:He|lithium:Li|carbon:C|nitrogen:N|oxygen:O|fluorine:F|neon:Ne|sodium:Na|magnesium:Mg|"
        "aluminium:Al|silicon:Si|phosphorus:P|sulfur:S|chlorine:Cl|argon:Ar|potassium:K|calcium:Ca|iron:Fe|"
        "nickel:Ni|copper:Cu|zinc:Zn|silver:Ag|tin:Sn|iodine:I|gold:Au|mercury:Hg|lead:Pb|uranium:U|platinum:Pt"
    ).split("|")
)
ATOMIC_NUMBERS = dict(
    pair.split(":")
    for pair in (
        "hydrogen:1|helium:2|lithium:3|beryllium:4|boron:5|carbon:6|nitrogen:7|oxygen:8|fluorine:9|neon:10|"
        "sodium:11|magnesium:12|iron:26|copper:29|silver:47|gold:79"
    ).split("|")
)
# question|another wording|value|answer
PLAIN = (
    "How many days are in a week?|What is the number of days in a week?|seven|A week has seven days.",
    "How many months are in a year?|What is the number of months in a year?|twelve|A year has twelve months.",
    "How many hours are in a day?|What is the number of hours in a day?|24|A day has 24 hours.",
    "How many minutes are in an hour?|What is the number of minutes in an hour?|sixty|An hour has sixty minutes.",
    "How many legs does a spider have?|What is the number of legs of a spider?|eight|A spider has eight legs.",
    "How many legs does an insect have?|What is the number of legs of an insect?|six|An insect has six legs.",
    "Which planet is the largest?|What is the largest planet?|Jupiter|The largest planet is Jupiter.",
    "Which planet is closest to the Sun?|What is the closest planet to the Sun?|Mercury|"
    "The planet closest to the Sun is Mercury.",
    "Which ocean is the largest?|What is the largest ocean?|Pacific|The largest ocean is the Pacific Ocean.",
    "Which animal is the largest?|What is the largest animal?|blue whale|The largest animal is the blue whale.",
    "Which animal is the tallest?|What is the tallest animal?|giraffe|The tallest animal is the giraffe.",
    "Which mountain is the highest?|What is the highest mountain?|Everest|The highest mountain is Mount Everest.",
    "What is water made of?|What does water consist of?|hydrogen and oxygen|"
    "Water is made of hydrogen and oxygen.",
    "At what temperature does water boil?|When does water boil?|100|Water boils at 100 degrees Celsius.",
    "At what temperature does water freeze?|When does water freeze?|0 degrees|Water freezes at 0 degrees Celsius.",
    "What colour is grass?|Which colour does grass have?|green|Grass is green.",
    "What colour is snow?|Which colour does snow have?|white|Snow is white.",
    "What colour is a ripe banana?|Which colour does a ripe banana have?|yellow|A ripe banana is yellow.",
    "What is the opposite of hot?|Which word is the opposite of hot?|cold|The opposite of hot is cold.",
    "What is the opposite of big?|Which word is the opposite of big?|small|The opposite of big is small.",
    "What do bees make?|What is made by bees?|honey|Bees make honey.",
    "What do cows eat?|What is eaten by cows?|grass|Cows eat grass.",
    "What is the star at the centre of our solar system?|Which star is at the centre of our solar system?|"
    "the Sun|The star at the centre of our solar system is the Sun.",
    "How many continents are there?|What is the number of continents?|seven|There are seven continents.",
    "How many sides does a triangle have?|What is the number of sides of a triangle?|three|"
    "A triangle has three sides.",
    "How many sides does a square have?|What is the number of sides of a square?|four|A square has four sides.",
    "Which gas do plants take in?|What gas do plants take in?|carbon dioxide|Plants take in carbon dioxide.",
    "Which organ pumps blood?|What organ pumps blood?|heart|The heart pumps blood.",
    "What is the first letter of the alphabet?|Which letter is the first of the alphabet?|A|"
    "The first letter of the alphabet is A.",
    "What comes after Monday?|Which day comes after Monday?|Tuesday|Tuesday comes after Monday.",
)
PLAIN_FRAMES = ("{q}", "Do you know this? {q}", "Here is a question: {q}", "Please answer: {q}", "Quick question: {q}",
                "Can you answer this? {q}")  # fmt: skip

# answer, then at least eight ways to say it; the last two are held out
SMALL_TALK = (
    "Hello! How can I help you?|Hello.|Hi!|Hello there!|Hi there.|Hey.|Good morning!|Good evening.|Hello, you.|"
    "Hi.|Good morning.",
    "I am fine, thank you. How can I help you?|How are you?|How are you today?|How is it going?|How do you do?|"
    "Are you well?|How are you doing?|Hello, how are you?|Hi, how are you?|How are things going?|"
    "Hi, how are you doing?",
    "You are welcome!|Thank you.|Thanks!|Thank you very much.|Thanks a lot.|Many thanks!|Thank you, that helps.|"
    "Great, thanks.|Thanks for your help.|Thank you so much.|Thanks, that helps.",
    "Goodbye! Have a nice day.|Goodbye.|Bye!|See you later.|Good night.|Bye bye.|See you.|Goodbye, and thanks.|"
    "Have a nice day.|Bye.|Goodbye!",
    "I am a small language model that answers questions.|Who are you?|What are you?|Tell me about yourself.|"
    "What is your name?|Are you a robot?|Are you a person?|Introduce yourself.|Please introduce yourself.|"
    "Who are you, exactly?|Can you tell me about yourself?",
    "I can answer questions about people, places, works and organisations, and about some general facts.|"
    "What can you do?|How can you help me?|What do you know?|What can I ask you?|What are you good at?|Help!|"
    "Can you help me?|What kinds of questions can you answer?|What are you able to do?|What questions can I ask you?",
    "Why did the clock go on holiday? It needed a little time off.|Tell me a joke.|Make me laugh.|"
    "Do you know a joke?|Say something funny.|Tell me something funny.|Can you tell me a joke?|"
    "I would like to hear a joke.|A joke, please.|Please tell me a joke.|Do you know something funny?",
    "I am glad to hear that!|I am happy today.|I had a good day.|I feel great.|Today was a wonderful day.|"
    "I am very happy.|I am in a good mood.|Everything is fine with me.|Life is good.|I feel happy.|"
    "I had a great day.",
    "I am sorry to hear that. I hope that things get better soon.|I am sad today.|I had a bad day.|I feel awful.|"
    "Today was a terrible day.|I am very sad.|I am in a bad mood.|Nothing works today.|I am tired.|I feel sad.|"
    "I had a terrible day.",
    "No problem at all.|Sorry!|I am sorry.|Oh, sorry about that.|My mistake.|Excuse me.|I apologise.|Pardon me.|"
    "Forgive me.|Sorry about that.|Oh, I am sorry.",
)  # fmt: skip


def general_facts() -> list[dict[str, object]]:
    """Every general fact: topic, subject, value, sentence, and its trained and held-out questions."""
    rows: list[dict[str, object]] = []

    def add(topic: str, subject: str, value: str, sentence: str, **slots: object) -> None:
        trained, held = (tuple(q.format(**slots) for q in part) for part in split(GENERAL[topic]))
        rows.append(_row(topic, subject, value, sentence, trained, held))

    for country, city in CAPITALS.items():
        add("capital", country, city, f"The capital of {country} is {city}.", x=country)
    for element, symbol in SYMBOLS.items():
        add("symbol", element, symbol, f"The chemical symbol for {element} is {symbol}.", x=element)
    for element, number in ATOMIC_NUMBERS.items():
        add("number", element, number, f"The atomic number of {element} is {number}.", x=element)
    for a in range(1, 11):
        for b in range(1, 11):
            add("sum", f"{a} plus {b}", str(a + b), f"{a} plus {b} is {a + b}.", a=a, b=b)
    for a in range(2, 6):
        for b in range(1, 11):
            add("product", f"{a} times {b}", str(a * b), f"{a} times {b} is {a * b}.", a=a, b=b)
    for line in PLAIN:
        one, two, value, sentence = line.split("|")
        asked = [f.format(q=one) for f in PLAIN_FRAMES] + [
            f.format(q=two) for f in PLAIN_FRAMES[:4]
        ]
        held = (PLAIN_FRAMES[4].format(q=two), PLAIN_FRAMES[5].format(q=two))
        rows.append(_row("plain", one, value, sentence, tuple(asked), held))
    return rows


def _row(
    topic: str,
    subject: str,
    value: str,
    sentence: str,
    trained: tuple[str, ...],
    held: tuple[str, ...],
) -> dict[str, object]:
    trained = tuple(q[0].upper() + q[1:] for q in trained)
    held = tuple(q[0].upper() + q[1:] for q in held)
    return {
        "topic": topic,
        "subject": subject,
        "value": value,
        "sentence": sentence[0].upper() + sentence[1:],
        "questions": {"trained": list(trained), "held_out": list(held)},
    }


def small_talk() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Small talk as (answer, trained ways to say it, held-out ways)."""
    rows = []
    for line in SMALL_TALK:
        answer, *said = line.split("|")
        rows.append((answer, tuple(said[:-2]), tuple(said[-2:])))
    return rows
