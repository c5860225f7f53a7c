"""An invented case that ends in three days, with a letter in Spanish. It shows what {placeholders} do."""

import datetime

from appeals.demo.shape import (
    DemoCase,
    DemoLetter,
    DemoNotice,
    DemoOfficial,
    DemoPerson,
    DemoReport,
    DemoText,
    prose,
)
from appeals.models import Channel
from cases.models import ContactChannel
from cases.numbers import Number

NUMBER = 901

Kind = ContactChannel.Kind

MINISTER = DemoOfficial(
    slug="minister-tomas-arrebol",
    role="Minister of Justice",
    name="Tomás Arrebol",
    institution="Ministry of Justice (invented)",
    address=("Plaza Imaginaria 0", "Puerto Alondra"),
    country="BV",
    channels=((Kind.EMAIL, "ministro@justicia.example", ""), (Kind.HANDLE, "@justicia_example", "")),
    salutations={"es": "Señor Ministro:", "en": "Dear Minister,"},
)

AMBASSADOR = DemoOfficial(
    slug="ambassador-elena-marisma",
    role="Ambassador",
    name="Elena Marisma",
    institution="Embassy of Puerto Alondra (invented)",
    address=("0 Example Mews", "Exampleton"),
    country="GB",
    accredited_to="GB",
    channels=(
        (Kind.PHONE, "+44 20 7946 0123", ""),
        (Kind.FAX, "+44 20 7946 0124", ""),
        (Kind.EMAIL, "embassy@puerto-alondra.example", ""),
    ),
    salutations={"es": "Señora Embajadora:", "en": "Dear Ambassador,"},
)

SUMMARY = prose("""
    Invented example: nobody lives on Bouvet Island, and the people, places and officials in this case do not exist.
    Lucía Valdemora keeps bees and writes the neighbourhood paper of Puerto Alondra. She was arrested the morning after
    she published what a laboratory had found in the town's drinking water. She is charged with “spreading alarm”, for
    which the law allows five years in prison, and no lawyer has been let in to see her.
""")

INFORMATION = prose("""
    Puerto Alondra takes its water from a reservoir that was finished last year. Families downhill from it complained of
    rashes and stomach pains. Lucía Valdemora collected samples in clean honey jars, had them tested at her own expense
    and printed the results beside the recipes, without comment.

    The police took her from her kitchen, together with the jars. A judge has put off her hearing twice. She takes
    medicine for asthma, which her sister was not allowed to hand in.
""")

SUMMARY_ES = prose("""
    Ejemplo inventado: en la isla Bouvet no vive nadie, y las personas, los lugares y las autoridades de este caso no
    existen. Lucía Valdemora es apicultora y redacta el boletín vecinal de Puerto Alondra. La detuvieron a la mañana
    siguiente de publicar lo que un laboratorio había encontrado en el agua potable del pueblo. Se la acusa de “difundir
    alarma”, delito que puede costarle cinco años de cárcel, y ninguna abogada ni ningún abogado ha podido verla.
""")

INFORMATION_ES = prose("""
    Puerto Alondra se abastece de un embalse terminado el año pasado. Las familias que viven más abajo se quejaban de
    erupciones en la piel y dolores de estómago. Lucía Valdemora recogió muestras en tarros de miel limpios, las mandó
    analizar por su cuenta y publicó los resultados junto a las recetas, sin comentario alguno.

    La policía se la llevó de su cocina, con los tarros. El tribunal ha aplazado dos veces la vista. Toma un medicamento
    para el asma que a su hermana no le permitieron entregar.
""")

LETTER = prose("""
    I am writing to you about {names}, a beekeeper from Puerto Alondra who also writes the paper of her neighbourhood.
    The police arrested her the morning after {they} published the results of a test of the town's drinking water.

    As I understand it, {they} did nothing more than pass on what a laboratory had measured. People who drink the water
    have a right to know, and to say so is not a crime. Yet {their} trial could end with five years in prison for
    “spreading alarm”.

    It worries me that no lawyer has been let in to see {them}, that {their} hearing has been put off twice, and that
    {their} medicine for asthma was turned away at the gate.

    As {role} you can be heard in this matter. I respectfully ask you to help bring about {their} release and the end of
    the proceedings, and to make sure that until then {they} can see a lawyer and receive {their} medicine.

    I look forward to your answer.
""")

LETTER_ES = prose("""
    Me dirijo a usted para expresarle mi preocupación por {names}, apicultora y redactora del boletín vecinal de
    Puerto Alondra, detenida a la mañana siguiente de publicar los resultados de un análisis del agua potable del
    pueblo.

    Según la información de que dispongo, se limitó a dar a conocer lo que un laboratorio había medido. Quienes beben
    esa agua tienen derecho a saberlo, y contarlo no es delito. Sin embargo, se enfrenta a una posible condena de
    cinco años de cárcel por “difundir alarma”.

    Me inquieta saber que no se le ha permitido recibir a una abogada o un abogado, que la vista se ha aplazado dos
    veces y que se ha rechazado en la puerta el medicamento que necesita para el asma.

    Por todo ello, le ruego respetuosamente que contribuya a que quede en libertad y se archive la causa, y a que
    mientras tanto pueda hablar con la defensa de su elección y reciba su medicación.

    Le agradezco de antemano su atención y quedo a la espera de su respuesta.
""")


def case(today: datetime.date) -> DemoCase:
    act_by = today + datetime.timedelta(days=3)
    issued_on = act_by - datetime.timedelta(days=42)
    return DemoCase(
        number=Number(NUMBER, issued_on.year),
        country="BV",
        topics=("freedom of expression", "environmental activists", "unfair trial"),
        people=(
            DemoPerson(
                name="Lucía Valdemora",
                pronouns="she/her",
                role="beekeeper and editor",
                consent="An invented person: nobody to ask",
            ),
        ),
        notices=(
            DemoNotice(
                headline="Beekeeper in prison for printing a water test",
                issued_on=issued_on,
                act_by=act_by,
                preferred_languages="es, en",
                targets=((MINISTER, "can have the charge dropped"), (AMBASSADOR, "can pass your appeal on")),
                texts=(
                    DemoText(
                        language="en",
                        summary=SUMMARY,
                        demands=(
                            "Release Lucía Valdemora and drop the charge against her.",
                            "Until then, let her see a lawyer and take her medicine.",
                        ),
                        additional_information=INFORMATION,
                    ),
                    DemoText(
                        language="es",
                        headline="Apicultora encarcelada por publicar un análisis del agua",
                        summary=SUMMARY_ES,
                        demands=(
                            "Que Lucía Valdemora quede en libertad y se retire la acusación contra ella.",
                            "Que mientras tanto pueda hablar con su defensa y tomar su medicación.",
                        ),
                        additional_information=INFORMATION_ES,
                    ),
                ),
                letters=(
                    DemoLetter(
                        language="en",
                        subject="{names}, beekeeper and editor",
                        body=LETTER,
                        short_email="I am writing about Lucía Valdemora, a beekeeper from Puerto Alondra, who is in "
                        "prison because she printed a test of the town's drinking water. Please help bring about her "
                        "release, and let her see a lawyer and take her medicine until then.",
                        post_text="(Invented example) Beekeeper Lucía Valdemora printed what a laboratory found in the "
                        "drinking water. Now she is in prison. Please release her.",
                        call_script="I am calling about Lucía Valdemora, who is in prison for printing a water test. I "
                        "ask the Ambassador to pass on that she should be free, and should see a lawyer until then.",
                    ),
                    DemoLetter(
                        language="es",
                        subject="{names}, apicultora y redactora",
                        body=LETTER_ES,
                        short_email="Le escribo por Lucía Valdemora, apicultora de Puerto Alondra, encarcelada por "
                        "publicar un análisis del agua potable del pueblo. Le ruego que contribuya a su puesta en "
                        "libertad y a que mientras tanto pueda hablar con su defensa y tomar su medicación.",
                        post_text="(Ejemplo inventado) La apicultora Lucía Valdemora publicó lo que un laboratorio "
                        "encontró en el agua potable. Ahora está en la cárcel. Pido su libertad.",
                    ),
                ),
            ),
        ),
        reports=(
            DemoReport(3, Channel.EMAIL, 1, to=(1,), country="ES"),
            DemoReport(7, Channel.POST, 25, to=(1, 2), country="GB", group="Class 10b, Example School"),
            DemoReport(12, Channel.EMAIL, 9, to=(1,), country="MX"),
            DemoReport(20, Channel.CALL, 2, to=(2,), country="GB"),
            DemoReport(31, Channel.NETWORK, 4, to=(1,)),
        ),
        notes="An invented case, made by load_demo. Its reports are invented too.",
    )
