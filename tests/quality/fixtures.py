"""Small articles, groups of headlines and labelled headlines, written for Dateline; places and people are made up."""

# ruff: noqa: E501 - prose in tables stays on its line

ARTICLES: list[tuple[list[str], str]] = [
    (
        [
            "The river Sall rose four metres overnight and flooded the old town of Marbrück, the mayor said on Monday.",
            "About 300 people left their homes. The army brought sandbags and boats. “It was frightening,” a baker said.",
            "Marbrück lies in a bend of the river and is known for its timber houses, which draw visitors every summer.",
            "The state of Nordau will pay 40 million euros for a higher dam, its interior ministry announced.",
            "The last flood of this size was in 1962. Many older people still talk of it.",
        ],
        (
            "The Sall flooded the old town of Marbrück overnight and 300 people left their homes.\n"
            "Nordau will pay 40 million euros for a higher dam."
        ),
    ),
    (
        [
            "It is a quiet morning in the harbour of Elmstad, and the gulls are louder than the engines.",
            "The ferry line between Elmstad and the islands will close in June after 94 years, its owner said on Tuesday.",
            "The company blamed the new bridge, which took two thirds of its passengers within a year.",
            "Some 60 people work on the two ships. The union wants the state to take the line over.",
            "“I learned to walk on that deck,” said a captain, whose father sailed the ship before him.",
        ],
        (
            "The ferry line between Elmstad and the islands closes in June, its owner said.\n"
            "The company blamed the new bridge; 60 people work on the ships."
        ),
    ),
    (
        [
            "Researchers at the university of Kessen have found a lake of salt water beneath the glacier of Torvik.",
            "The lake is 800 metres below the ice and about as large as the city, they write in a journal on polar science.",
            "They sent sound waves through the ice for two winters. The work was cold, and a bear ate one of the cables.",
            "Bacteria may live in the lake, the group says, because the salt keeps it from freezing.",
            "A drill is to reach the water in three years if the council for science pays for it.",
        ],
        (
            "Researchers found a salt lake 800 metres beneath the glacier of Torvik.\n"
            "Bacteria may live there; a drill is to reach the water in three years."
        ),
    ),
]

GROUPS: list[list[str]] = [
    [
        "Flood in Marbrück forces hundreds from their homes",
        "Hundreds leave homes as river Sall floods Marbrück",
        "Army brings boats to flooded old town of Marbrück",
    ],
    ["Ferry line to the islands closes after 94 years", "Island ferry to close after 94 years, owner says"],
    ["Salt lake found beneath Torvik glacier", "Researchers find salt lake under glacier at Torvik"],
    ["Parliament passes budget after night of debate", "Budget passed by parliament after long night debate"],
    ["Strike stops trains across Nordau", "Train strike brings Nordau to a halt"],
    ["Museum of Elmstad buys lost painting by Aldous Wren"],
    ["Chess champion Ines Caldera defends title"],
    ["Wolves return to the hills of Kessen"],
    ["Council of Marbrück elects first woman as mayor"],
    ["Price of bread rises for the fifth month"],
]

TOPICS: dict[str, list[str]] = {
    "world": [
        "Rebels and army agree ceasefire in border province",
        "Earthquake kills dozens in mountain villages",
        "Foreign minister recalls ambassador over spy dispute",
        "Refugees wait at frontier as fighting nears capital",
    ],
    "politics": [
        "Senator announces campaign for president",
        "Voters reject ballot measure on school taxes",
        "Lawmakers vote to impeach governor",
        "Democrats and Republicans split over immigration bill",
    ],
    "business": [
        "Airline posts quarterly loss as fuel costs rise",
        "Central bank holds interest rates as inflation eases",
        "Carmaker to cut 3,000 jobs and close factory",
        "Oil prices climb after OPEC trims output",
    ],
    "technology": [
        "New smartphone drops headphone socket and adds camera",
        "Software update fixes bug that locked out users",
        "Malware spreads through fake e-mail messages",
        "Chipmaker unveils faster processor for laptops",
    ],
    "science": [
        "Probe sends first pictures of icy moon",
        "Fossil of feathered dinosaur found in quarry",
        "Physicists measure mass of elusive particle",
        "Telescope spots oldest galaxy yet",
    ],
    "health": [
        "Flu vaccine less effective this winter, doctors warn",
        "Study links poor sleep to heart disease",
        "Hospital treats first patient with gene therapy for blindness",
        "Obesity rises among children, survey finds",
    ],
    "sport": [
        "Striker scores twice as leaders win derby",
        "Sprinter sets world record in 200m",
        "Coach quits after fifth defeat of season",
        "Tennis champion out of Wimbledon with injured knee",
    ],
    "entertainment": [
        "Singer cancels tour and delays new album",
        "Sequel tops box office for third weekend",
        "TV drama renewed for second season",
        "Actress wins Golden Globe for debut film",
    ],
}
