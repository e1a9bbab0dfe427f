"""What the shop sells. A catalogue in code: the demo is about the chat beside it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    slug: str
    name: str
    price: str
    line: str
    story: str
    facts: tuple[str, ...]

    @property
    def image(self) -> str:
        return f"shop/products/{self.slug}.svg"


CATALOGUE = [
    Product(
        slug="teapot",
        name="Harbour teapot",
        price="€48",
        line="Pours without a drip, even when it is full.",
        story="Thrown in stoneware and glazed twice, so that the handle stays cool while the tea "
        "stays hot. The lid locks when you turn it by a quarter.",
        facts=("900 ml", "Dishwasher safe", "Made to order in 4 days"),
    ),
    Product(
        slug="cup",
        name="Morning cup",
        price="€16",
        line="Thick where you hold it, thin where you drink.",
        story="A cup for the first hour of the day. Its foot is wide enough for a crowded desk, "
        "and two of them stack without a scratch.",
        facts=("280 ml", "Microwave safe", "In stock"),
    ),
    Product(
        slug="lantern",
        name="Paper lantern",
        price="€32",
        line="Evening light that folds flat in a drawer.",
        story="Mulberry paper on a bamboo frame. Hang it over a table or stand it on the floor; "
        "the lamp inside runs for twelve hours on one charge.",
        facts=("Ø 35 cm", "Charges by USB-C", "In stock"),
    ),
    Product(
        slug="plant",
        name="Patient fern",
        price="€21",
        line="Forgives two weeks of holidays.",
        story="It likes shade, and it tells you early when it is thirsty. It comes in the pot that "
        "is shown here, with a saucer and a note on how to care for it.",
        facts=("About 30 cm tall", "Pot included", "Delivered by bicycle in town"),
    ),
    Product(
        slug="stool",
        name="Corner stool",
        price="€74",
        line="A seat, a step, a bedside table.",
        story="Three legs of ash never wobble, whatever the floor. The seat is oiled, not "
        "varnished, and you can sand and oil it again as often as you like.",
        facts=("45 cm high", "Holds 150 kg", "Oil included"),
    ),
    Product(
        slug="blanket",
        name="Long-evening blanket",
        price="€89",
        line="Wide enough for two and a dog.",
        story="Woven from wool that other blankets left over, which makes every one a little "
        "different. It does not scratch, and it airs clean overnight.",
        facts=("150 × 200 cm", "Recycled wool", "In stock"),
    ),
]
PRODUCTS = {product.slug: product for product in CATALOGUE}
