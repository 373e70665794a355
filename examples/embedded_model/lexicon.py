# Tables of words read better in long lines.
# ruff: noqa: E501
"""The hand-written words of the made-up world: names, callings, works, organisations, places.

Every name is invented. `worldmaker.py` joins these words into people with facts and relations;
nothing here says who did what.
"""

from __future__ import annotations

# The two people of one calling are rivals. Columns: calling, form of the work, verb, participle.
CALLINGS: tuple[tuple[str, str, str, str], ...] = (
    ("astronomer", "star atlas", "drew", "drawn"),
    ("novelist", "novel", "wrote", "written"),
    ("poet", "poetry collection", "wrote", "written"),
    ("composer", "symphony", "composed", "composed"),
    ("painter", "painting", "painted", "painted"),
    ("architect", "tower", "designed", "designed"),
    ("chef", "cookbook", "wrote", "written"),
    ("botanist", "field guide", "wrote", "written"),
    ("physicist", "treatise", "wrote", "written"),
    ("explorer", "travel journal", "wrote", "written"),
    ("clockmaker", "clock", "built", "built"),
    ("mathematician", "textbook", "wrote", "written"),
    ("chess master", "handbook", "wrote", "written"),
    ("surgeon", "memoir", "wrote", "written"),
    ("cellist", "album", "recorded", "recorded"),
    ("film director", "film", "directed", "directed"),
    ("sculptor", "sculpture", "carved", "carved"),
    ("cartographer", "map", "drew", "drawn"),
    ("historian", "chronicle", "wrote", "written"),
    ("gardener", "garden", "designed", "designed"),
    ("engineer", "bridge", "designed", "designed"),
    ("puppeteer", "puppet show", "created", "created"),
    ("playwright", "play", "wrote", "written"),
    ("singer", "album", "recorded", "recorded"),
    ("choreographer", "ballet", "created", "created"),
    ("geologist", "study", "wrote", "written"),
    ("photographer", "photo book", "made", "made"),
    ("journalist", "report", "wrote", "written"),
    ("philosopher", "essay", "wrote", "written"),
    ("weaver", "tapestry", "wove", "woven"),
)

NARRATIVE_FORMS = {"novel", "play", "film", "ballet", "puppet show", "travel journal", "memoir"}
STANDING_FORMS = {"painting", "tower", "clock", "sculpture", "garden", "bridge", "tapestry"}

WOMEN = (
    "Ilvane Mirosa Tessaly Quenna Velisse Odrana Brisel Calvia Dorath Emmerin Fennora Galeth "
    "Hesperin Isorel Jorva Kestra Lumera Maravel Nerith Ottila Pellandra Rosamel Sunnora Thalise "
    "Ulvara Vessaly Wilmara Yevane"
).split()
MEN = (
    "Aldren Bastivan Corvenal Davrin Edmaro Faustel Garrow Hollen Ivarro Jasko Kelmar Lorvek "
    "Mattiso Nolvar Osmir Perrigo Quillon Rudvan Stellvar Tobren Ulmerik Viktan Wendric Yaromel "
    "Zephan Anselk Casmiro Dunstel"
).split()
# Two different people bear each of these given names.
SHARED_WOMEN = ("Kestra", "Thalise")
SHARED_MEN = ("Davrin", "Tobren")

SIBLING_SURNAMES = (
    "Oskarrin Tavrenne Quillander Brackenvale Dunmorrow Velkarst Strindwell Pellagrow Lindqvast "
    "Sorrelin Umbergast Vandermoor Yellandry Drumlevin Fallowmont Hartigrew"
).split()
# Unrelated people who share a surname.
NAMESAKE_SURNAMES = "Morvane Wexcombe Kettlebrand Tremoyle".split()
# The first four are also a word in the name of a place or an organisation.
OWN_SURNAMES = (
    "Castervane Hollowmere Thistlewick Silverlow Ravensbeck Zanderkoff Brindlecote Eskerling "
    "Grimsolde Ingelvar Jessamond Lorrimund Merriwold Nettlefane Orrinsdale Peverelle Quarrington "
    "Rustavel Ashendorn Bellowmar"
).split()

PEN_NAMES = "Corvane Aldermist Wintersea Marlowick Pennyquill Duskwater Farrowind Ninebells".split()
PEN_NAME_CALLINGS = {"novelist", "poet", "playwright", "journalist"}
NICKNAMES = (
    "Copper Fox|Quiet Heron|Iron Thrush|Silver Otter|Red Lantern|Paper Wolf|Velvet Crow|Salt Queen|"
    "Brass Owl|Winter Hare|Golden Needle|Blue Anvil|Stone Swallow|Amber Ghost|Pale Falcon|"
    "Clever Badger|Midnight Gull|Tin Sparrow|Green Comet|Wooden Crown|Crystal Moth|Thunder Wren|"
    "Marble Hand|Scarlet Kite|Lucky Beetle|Ivory Storm|Gentle Bear|Glass Spider|Silent Drum|"
    "Hidden Rose|Burning Feather|Northern Bell|Dancing Stag|Crooked Arrow|Honest Raven|"
    "Laughing Seal|White Hammer|Sleepless Lynx|Little Tempest|Old Compass|Swift Lark|Black Thistle|"
    "Patient Toad|Wild Candle|Smiling Pike|Frozen Harp|Merry Weasel|Bronze Tiger|Lonely Piper|"
    "Bright Stork|Dusty Saint|Flying Trout"
).split("|")

PRIZES = (
    "Alder Basalt Cinder Dovetail Ember Falcon Garnet Heron Indigo Juniper Keystone Larkspur "
    "Magnolia Nimbus Opal Pinnacle Quartz Rowan Sapphire Thimble Umber Verdant Willow Sundial "
    "Yarrow Zenith Anchor Beacon Cobalt Dune Elmwood Fern Gull Hazel Iris Jasper Kelp Linden Maple "
    "Nettle Onyx Pearl Quill Raven Slate Tallow Tundra Velvet Wicker Zephyr Acorn Bramble Copper "
    "Driftwood Flint Granite Harvest Ivory Lantern Meridian"
).split()
PRIZE_SUFFIXES = ("Prize", "Medal", "Award", "Cup")

HOBBIES = (
    "kite flying|beekeeping|rowing|baking bread|stamp collecting|archery|ice skating|mushroom picking|"
    "knitting|juggling|whittling|night swimming|bird watching|fencing|card tricks|fishing|"
    "playing the accordion|candle making|mountain climbing|bookbinding|sailing|model ships|tap dancing|"
    "croquet|origami|wrestling|cheese making|horse riding|crossword puzzles|playing the banjo"
).split("|")
FOODS = (
    "plum dumplings|smoked trout|pumpkin soup|rye pancakes|pickled beets|almond cake|onion tart|"
    "lentil stew|honey buns|roasted chestnuts|cabbage rolls|lemon pudding|garlic mussels|barley broth|"
    "cherry pie|goat cheese|fried plantain|mushroom risotto|apple fritters|saffron rice|walnut bread|"
    "fish stew|pepper noodles|rhubarb jam|stuffed olives|corn chowder|ginger biscuits|mint ice cream|"
    "baked figs|potato waffles"
).split("|")
ANIMALS = "tortoise parrot ferret goat donkey cat hound rabbit goose hedgehog pony magpie".split()
PET_NAMES = (
    "Bibble Crumpet Dandle Fizzig Gogo Hobnail Inkblot Jumble Kipper Lollop Muddle Noodle Oddsock "
    "Pudding Quibble Rascal Snuffle Tuppence Umbra Vinegar Waffle Yodel Zigzag Biscuit Custard "
    "Doodle Figaroo Gravy Hiccup Jangle Marzipan Nutmeg Pockets Rumpus Socks Truffle Wobble Bumble "
    "Cobweb Dimple Flapjack Grumble Huckle Jellybean Lumpkin Mustard Nibbles Pickle Ruffian Sprocket "
    "Tiddly Whiskers Buttons Clover Dumpling Fidget Goblin Hopscotch Mittens Pepper"
).split()

# Two titles and two themes for every calling, in the order of CALLINGS.
WORKS = (
    "The Ninefold Sky|a year of counting stars|The Lamps Above Us|the colours of distant suns",
    "The Glass Harbour|a town that sells its own reflection|"
    "Seven Winters of Salt|a family that mines salt in secret",
    "Songs for a Drowned Bell|the voices of a flooded valley|The Moth Alphabet|small lives by lamplight",
    "The Ironwood Symphony|a forest fire and its aftermath|The Tidewater Symphony|the sea before dawn",
    "The Orange Ferry|a crossing at sunset|Woman with Nine Keys|a locked house and its keeper",
    "Needle Tower|the wish to touch the clouds|Harlequin Tower|a game of coloured windows",
    "The Smoky Kitchen|cooking over open fires|Bread and Thunder|feasts for stormy nights",
    "Mosses of the Dark Valleys|plants that live without sun|Ferns at the Edge|plants of the cliffs",
    "The Weight of Echoes|how sound carries heat|On Slow Light|light that moves through honey",
    "Beyond the White Gate|a walk across the northern ice|A Thousand Wells|a crossing of the dry country",
    "The Weeping Clock|the hours of the tides|The Carousel Clock|the four seasons",
    "The Gentle Infinite|numbers without end|Knots and Corners|the shapes of tangled string",
    "The Sleeping Bishop|patient endgames|A Rook in the Rain|bold sacrifices",
    "My Steady Hand|forty years in the operating room|Needle and Moonlight|a field hospital at night",
    "Cellar Music|loneliness in winter|Strings of Rain|the weather of one spring",
    "The Borrowed Train|thieves who steal a railway carriage|A House of Feathers|a girl raised by birds",
    "The Kneeling Giant|the patience of the poor|Three Deaf Kings|the folly of rulers",
    "The Map of Lost Bridges|crossings that no longer stand|The Blue Coast Map|hidden bays and reefs",
    "The Chronicle of Ash|a city after its great fire|The Candle Wars|the quarrels of two guilds",
    "The Spiral Garden|the passage of the year|The Garden of Whispers|plants that murmur in the wind",
    "Swallow Bridge|lightness and speed|The Bridge of Sleeves|two shores holding hands",
    "The Tin Emperor|a ruler who rusts when he cries|The Goose Parliament|geese that govern a pond",
    "The Umbrella Trial|a judge accused of stealing rain|Dinner for Ghosts|a supper with dead relatives",
    "Velvet Static|love over bad telephone lines|Hummingbird Hotel|a summer spent in hiding",
    "The Dance of Ladders|workers who climb to the moon|Foxes in Snow|a hunt seen by the hunted",
    "The Singing Cliffs|rocks that hum at night|Under the Salt Hills|caves beneath the plain",
    "Faces of the Ferry|the passengers of one boat|Windows at Four|rooms in the late afternoon",
    "The Poisoned Canal|a factory that lied to a town|The Missing Orchard|land stolen by a mayor",
    "On Leaving Early|the courage to stop|The Borrowed Self|how others make us who we are",
    "The Thousand Herons|a flood and those who fled it|The Wolf Wedding|a feast in the deep forest",
)

# name (with its article), kind, purpose, callings that it likes to employ
ORGANISATIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "the Lumenfall Observatory",
        "observatory",
        "the study of variable stars",
        ("astronomer", "physicist"),
    ),
    ("Thistlewick Press", "publishing house", "printing strange novels", ("novelist", "poet")),
    (
        "the Harbourlight Orchestra",
        "orchestra",
        "playing outdoors at night",
        ("composer", "cellist"),
    ),
    ("the Castervane Museum", "museum", "keeping forgotten paintings", ("painter", "sculptor")),
    ("Stonequay Builders", "building firm", "raising tall towers", ("architect", "engineer")),
    ("the Green Ladle", "restaurant", "serving food from the marshes", ("chef",)),
    (
        "the Mossgate Institute",
        "research institute",
        "the study of rare plants",
        ("botanist", "geologist"),
    ),
    (
        "the Farwater Society",
        "explorers' club",
        "paying for long journeys",
        ("explorer", "cartographer"),
    ),
    ("Tick and Daughters", "workshop", "mending old clocks", ("clockmaker",)),
    (
        "the Silverlow Academy",
        "academy",
        "teaching gifted orphans",
        ("mathematician", "philosopher"),
    ),
    ("the Black Bishop Club", "chess club", "holding winter tournaments", ("chess master",)),
    ("Saint Orrel Hospital", "hospital", "treating fishermen for free", ("surgeon",)),
    (
        "Lanternreel Studios",
        "film studio",
        "making silent films",
        ("film director", "photographer"),
    ),
    ("the Wanderlight Theatre", "theatre", "staging forbidden plays", ("playwright", "puppeteer")),
    (
        "the Daily Kestrel",
        "newspaper",
        "exposing corrupt officials",
        ("journalist", "photographer"),
    ),
    ("the Redloom Guild", "guild", "weaving by hand", ("weaver",)),
    ("Echovane Records", "record label", "recording street music", ("singer", "cellist")),
    ("the Featherstep Company", "dance company", "dancing on rooftops", ("choreographer",)),
    ("the Briarwell Trust", "trust", "saving old gardens", ("gardener", "botanist")),
    (
        "the University of Arvelle",
        "university",
        "teaching the natural sciences",
        ("physicist", "geologist"),
    ),
    ("Dovrest College", "college", "teaching history and law", ("historian", "philosopher")),
    ("the Ostrivane Archive", "archive", "keeping letters and maps", ("historian", "cartographer")),
    ("the Golden Anvil Works", "factory", "making bridges and bells", ("engineer", "sculptor")),
    ("the Bluebottle Gazette", "magazine", "printing satire", ("journalist", "poet")),
    ("the Marrowell Foundation", "foundation", "giving grants to artists", ("painter", "composer")),
    ("the Nightjar Circus", "circus", "touring small islands", ("puppeteer", "singer")),
)

REGIONS = (
    "the Brine Coast",
    "the Upper Vale",
    "the Northern Reach",
    "the Amber Plain",
    "the Glass Isles",
    "the Hollin Forest",
)
# name, kind, river, known for, landmark
PLACES: tuple[tuple[str, str, str, str, str], ...] = (
    ("Arvelle", "river city", "Sorn", "its science fairs", "the Leaning Mill"),
    ("Brinmoor", "market town", "Tessel", "its wool market", "the Broken Arch"),
    ("Castervane", "hill town", "Ivel", "its stained glass", "the Hanging Chapel"),
    ("Dovrest", "university town", "Quell", "its law school", "the Reading Lion"),
    ("Eldermouth", "harbour town", "Brask", "its oyster beds", "the Drowned Lighthouse"),
    ("Fennickport", "harbour town", "Lorne", "its rope makers", "the Rope Gate"),
    ("Gralholm", "island town", "Mive", "its seal watching", "the Whalebone Stairs"),
    ("Hollowmere", "lake village", "Neth", "its floating gardens", "the Sunken Hall"),
    ("Istrevan", "mountain village", "Orrow", "its silver mines", "the Ice Door"),
    ("Jorrend", "mountain town", "Pask", "its ski races", "the Iron Cross"),
    ("Kilvassa", "desert town", "Rhune", "its date honey", "the Sand Clock"),
    ("Lanternfold", "forest village", "Skell", "its paper lanterns", "the Lantern Oak"),
    ("Marrowell", "spa town", "Tarn", "its hot springs", "the Marble Baths"),
    ("Nethersby", "farming village", "Ulk", "its pear orchards", "the Pear Barn"),
    ("Ostrivane", "old city", "Vesk", "its libraries", "the Hall of Letters"),
    ("Pellmarsh", "marsh village", "Wend", "its eel pies", "the Reed Bridge"),
    ("Quorrin", "mining town", "Yarn", "its copper bells", "the Bell Pit"),
    ("Ravelstoke", "railway town", "Zill", "its train works", "the Round Station"),
    ("Saltmarren", "coastal village", "Arl", "its salt pans", "the White Heap"),
    ("Thornwater", "river town", "Blyde", "its rose oil", "the Rose Weir"),
    ("Ulverholt", "forest town", "Crane", "its violin makers", "the Singing Pine"),
    ("Vantry", "capital city", "Dwell", "its parliament", "the Copper Dome"),
    ("Wyckmere", "lake town", "Eske", "its boat races", "the Swan Pier"),
    ("Yarrowdene", "hill village", "Foss", "its herb fairs", "the Bee Tower"),
    ("Zellinport", "harbour city", "Gann", "its spice trade", "the Pepper Steps"),
    ("Ambermouth", "beach town", "Holm", "its amber jewellery", "the Amber Wheel"),
)
