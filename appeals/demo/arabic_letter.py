"""An invented case that is open for some weeks, with its notice and its letter in Arabic."""

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

NUMBER = 902

Kind = ContactChannel.Kind

MINISTER = DemoOfficial(
    slug="minister-karim-samrawan",
    role="Minister of the Interior",
    name="Karim Samrawan",
    institution="Ministry of the Interior (invented)",
    address=("0 Imaginary Square", "Dar al-Rawabi"),
    country="HM",
    channels=((Kind.EMAIL, "minister@interior.example", ""), (Kind.FAX, "+44 20 7946 0131", "")),
    salutations={"ar": "معالي السيد وزير الداخلية، تحية طيبة وبعد،", "en": "Your Excellency,"},
)

PROSECUTOR = DemoOfficial(
    slug="prosecutor-hala-yaqutan",
    role="Public Prosecutor",
    name="Hala Yaqutan",
    institution="Office of the Public Prosecutor (invented)",
    address=("0 Imaginary Street", "Dar al-Rawabi"),
    country="HM",
    channels=((Kind.EMAIL, "prosecutor@justice.example", ""), (Kind.PHONE, "+44 20 7946 0132", "")),
    salutations={"ar": "سعادة السيدة النائبة العامة، تحية طيبة وبعد،", "en": "Dear Prosecutor,"},
)

SUMMARY = prose("""
    Invented example: nobody lives on Heard Island, and the people, places and officials in this case do not exist.
    Nadim Zahrawan teaches at the primary school of Dar al-Rawabi and started a reading circle that meets on Thursday
    evenings. Four men in plain clothes took him away outside the school. His family has not heard from him since, and
    the police deny that they hold him.
""")

INFORMATION = prose("""
    The reading circle is open to everyone; it had read a novel about a harbour and was about to begin one about a
    lighthouse. A week before he disappeared, an official asked Nadim Zahrawan for a list of those who come. He answered
    that he keeps none.

    His brother asked at both police stations. At each he was told that the name is not in the book, although two pupils
    saw the car drive into the yard of the second one.
""")

SUMMARY_AR = prose("""
    مثال مخترع: جزيرة هيرد لا يسكنها أحد، وكل ما يرد في هذه القضية من أشخاص وأماكن ومسؤولين لا وجود له.
    نديم زهروان معلّم في المدرسة الابتدائية ببلدة دار الروابي، أسّس حلقة قراءة تجتمع مساء كل خميس.
    وقد اقتاده أربعة رجال بملابس مدنية من أمام المدرسة، ولم تسمع أسرته عنه شيئًا منذ ذلك الحين،
    في حين تنفي الشرطة أنها تحتجزه.
""")

INFORMATION_AR = prose("""
    حلقة القراءة مفتوحة للجميع، وكان أعضاؤها قد فرغوا من رواية عن ميناء ويستعدون لقراءة رواية عن منارة.
    وقبل اختفائه بأسبوع طلب منه أحد الموظفين قائمة بأسماء الحاضرين، فأجاب بأنه لا يحتفظ بأي قائمة.

    وسأل شقيقه عنه في مركزَي الشرطة، فقيل له في كل منهما إن الاسم غير وارد في السجل،
    مع أن اثنين من التلاميذ شاهدا السيارة وهي تدخل فناء المركز الثاني.
""")

LETTER = prose("""
    I am writing about Nadim Zahrawan, a primary school teacher in Dar al-Rawabi. Four men in plain clothes took him
    away outside his school, and nobody has been told where he is.

    All that he did, as far as I know, was to invite his neighbours to read together. His family has asked for him at
    two police stations and was told that his name is not in the book, although the car in which he was driven away
    was seen in the yard of one of them.

    Someone who is held in secret has no protection at all, and his family has no rest. The law can protect him only
    if it is known where he is.

    I respectfully ask you to make known at once where Nadim Zahrawan is, to let him speak to his family, to a lawyer
    of his choice and to a doctor, and to release him unless he is charged with a recognised crime and tried fairly.

    I hope to hear from you.
""")

LETTER_AR = prose("""
    أكتب إليكم بشأن السيد نديم زهروان، المعلّم في المدرسة الابتدائية ببلدة دار الروابي، الذي اقتاده أربعة رجال
    بملابس مدنية من أمام مدرسته، ولم يُعرف مكانه منذ ذلك الحين.

    وكل ما فعله، بحسب علمي، أنه دعا جيرانه إلى القراءة معًا. وقد سألت أسرته عنه في مركزين للشرطة، فقيل لها إن اسمه
    غير وارد في السجل، مع أن السيارة التي نقلته شوهدت في فناء أحدهما.

    إن من يُحتجز سرًّا يُحرم من كل حماية، ولا تعرف أسرته طعم الراحة. ولا سبيل إلى أن يحميه القانون ما لم يُعرف مكانه.

    لذلك أرجو منكم، مع كل الاحترام، الكشف فورًا عن مكان السيد نديم زهروان، وتمكينه من الاتصال بأسرته وبمحامٍ يختاره
    ومن مقابلة طبيب، والإفراج عنه ما لم توجَّه إليه تهمة بجريمة معترف بها ويُحاكم محاكمة عادلة.

    وأتطلع إلى ردّكم الكريم.
""")


def case(today: datetime.date) -> DemoCase:
    issued_on = today - datetime.timedelta(days=10)
    return DemoCase(
        number=Number(NUMBER, issued_on.year),
        country="HM",
        topics=("enforced disappearance", "incommunicado detention", "teachers"),
        people=(
            DemoPerson(
                name="Nadim Zahrawan",
                pronouns="he/him",
                role="teacher",
                consent="An invented person: nobody to ask",
            ),
        ),
        notices=(
            DemoNotice(
                headline="Teacher taken away outside his school",
                issued_on=issued_on,
                act_by=issued_on + datetime.timedelta(days=42),
                preferred_languages="ar, en",
                targets=((MINISTER, "answers for the police"), (PROSECUTOR, "can order a search for him")),
                texts=(
                    DemoText(
                        language="en",
                        summary=SUMMARY,
                        demands=(
                            "Make known at once where Nadim Zahrawan is.",
                            "Let him speak to his family, to a lawyer of his choice and to a doctor.",
                            "Release him, unless he is charged with a recognised crime and tried fairly.",
                        ),
                        additional_information=INFORMATION,
                    ),
                    DemoText(
                        language="ar",
                        headline="معلّم اقتاده مجهولون من أمام مدرسته",
                        summary=SUMMARY_AR,
                        demands=(
                            "الكشف فورًا عن مكان نديم زهروان.",
                            "تمكينه من الاتصال بأسرته وبمحامٍ يختاره ومن مقابلة طبيب.",
                            "الإفراج عنه ما لم توجَّه إليه تهمة بجريمة معترف بها ويُحاكم محاكمة عادلة.",
                        ),
                        additional_information=INFORMATION_AR,
                    ),
                ),
                letters=(
                    DemoLetter(
                        language="en",
                        subject="Nadim Zahrawan, teacher",
                        body=LETTER,
                        short_email="I am writing about Nadim Zahrawan, a teacher in Dar al-Rawabi, who was taken away "
                        "outside his school. Please make known at once where he is, let him speak to his family, to a "
                        "lawyer and to a doctor, and release him unless he is charged with a recognised crime.",
                        post_text="(Invented example) Where is Nadim Zahrawan? The teacher was taken away outside his "
                        "school. Please say where he is.",
                        call_script="I am calling about Nadim Zahrawan, a teacher who was taken away outside his "
                        "school. I ask the Public Prosecutor to make known where he is.",
                    ),
                    DemoLetter(
                        language="ar",
                        subject="نديم زهروان، معلّم",
                        body=LETTER_AR,
                        short_email="أكتب إليكم بشأن نديم زهروان، المعلّم في دار الروابي، الذي اقتيد من أمام مدرسته. "
                        "أرجو الكشف فورًا عن مكانه وتمكينه من الاتصال بأسرته وبمحامٍ.",
                        post_text="(مثال مخترع) أين نديم زهروان؟ اقتيد المعلّم من أمام مدرسته. نرجو الكشف عن مكانه.",
                    ),
                ),
            ),
        ),
        reports=(
            DemoReport(1, Channel.EMAIL, 1, to=(1, 2), country="JO"),
            DemoReport(3, Channel.FAX, 1, to=(1,), country="GB"),
            DemoReport(5, Channel.POST, 14, to=(1, 2), country="CA"),
            DemoReport(8, Channel.CALL, 1, to=(2,)),
        ),
        notes="An invented case, made by load_demo. Its reports are invented too.",
    )
