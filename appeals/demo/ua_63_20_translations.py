"""The letter of the Second UA 63/20 in French, Spanish, Russian and Kazakh: our own translations of the English one.

None of them tells whether a man or a woman writes. The short texts in Cyrillic are shorter than the others, because
each letter takes six signs in the address that opens a mail program. What is said on the phone suits any embassy.
"""

import re

from appeals.demo.shape import DemoLetter, prose


def _french(text: str) -> str:
    """`text` with spaces where French has them and no line may break: inside « » and before : ; ! ?"""
    return re.sub("(?<=«) | (?=[»:;!?])", "\u00a0", text)


FRENCH = DemoLetter(
    language="fr",
    subject="Nagyz Muhammed, écrivain condamné à la réclusion à perpétuité",
    body=_french(
        prose("""
            Je vous écris au sujet de Nagyz Muhammed, poète et écrivain kazakh d’Altay, condamné en septembre 2020 à la
            réclusion à perpétuité pour « séparatisme ». Cette affaire me préoccupe, et je sollicite votre aide.

            D’après ses proches, on lui reproche trois choses : avoir retrouvé des amis le jour où le Kazakhstan fête
            son indépendance, avoir donné son avis sur l’« enseignement bilingue » au Xinjiang et avoir conseillé à
            d’autres Kazakhs de s’installer au Kazakhstan. Rien de cela n’a nui à quiconque : c’est l’exercice pacifique
            de libertés que protège le droit international. Sa famille n’a jamais vu de jugement écrit.

            La façon dont il a été jugé m’inquiète tout autant. Le gouvernement a désigné son avocat ; lui-même n’a pas
            pu en choisir un. Il a déclaré aux juges avoir été battu et brûlé avec des cigarettes pendant les
            interrogatoires, mais le tribunal n’a pas examiné ce point. Si sa condamnation repose sur des propos obtenus
            ainsi, elle ne saurait être juste.

            Il est coupé du monde extérieur depuis mars 2018, soit peu après une opération du cœur. Je crains pour sa
            santé et pour sa sécurité.

            Je vous prie donc respectueusement de faire tout votre possible pour que Nagyz Muhammed soit libéré, à moins
            qu’il ne soit jugé équitablement, selon les normes internationales et sur la base de preuves crédibles,
            suffisantes et recevables, pour un acte que le droit international considère comme une infraction. Je vous
            demande de veiller à ce qu’il soit, d’ici là, protégé contre la torture et tout mauvais traitement.

            Je vous remercie par avance de votre réponse.
        """)
    ),
    short_email=_french(
        prose("""
            Je vous écris au sujet de Nagyz Muhammed, poète et écrivain kazakh d’Altay, condamné en septembre 2020 à la
            réclusion à perpétuité pour « séparatisme ». D’après ses proches, il a seulement retrouvé des amis, parlé de
            la politique d’enseignement et conseillé à d’autres de s’installer au Kazakhstan : des actes pacifiques.

            Il n’a pas pu choisir son avocat, et le tribunal ne s’est pas penché sur les coups et les brûlures dont il a
            parlé. Il est détenu au secret depuis mars 2018.

            Je vous prie respectueusement de contribuer à ce qu’il soit libéré, à moins d’être jugé équitablement pour
            une véritable infraction, et à ce qu’il soit d’ici là à l’abri de la torture et des mauvais traitements.
        """)
    ),
    post_text="L’écrivain Nagyz Muhammed est condamné à perpétuité au Xinjiang pour des propos pacifiques et une "
    "rencontre entre amis. Il a dit au tribunal avoir été battu et brûlé. Qu’il soit libéré et, d’ici là, protégé. "
    "#NagyzMuhammed",
    call_script=_french(
        prose("""
            Bonjour. J’ai un message pour l’ambassade au sujet de Nagyz Muhammed, poète et écrivain kazakh.
            Pourriez-vous le noter, s’il vous plaît ? (Épelez le nom : N-A-G-Y-Z, M-U-H-A-M-M-E-D.)

            Il a été condamné à la prison à vie en septembre 2020 pour des actes pacifiques, au terme d’un procès où il
            n’a pas pu choisir son avocat. Il a parlé aux juges de coups et de brûlures.

            Je demande à l’ambassade de faire savoir qu’il doit être libéré, à moins d’être jugé équitablement pour une
            véritable infraction, et que, d’ici là, il doit être à l’abri des mauvais traitements. Je vous remercie de
            votre temps. Comment pourrai-je prendre connaissance de la réponse ?
        """)
    ),
)

SPANISH = DemoLetter(
    language="es",
    subject="Nagyz Muhammed, escritor condenado a cadena perpetua",
    body=prose("""
        Le escribo acerca de Nagyz Muhammed, poeta y escritor kazajo de Altay, condenado en septiembre de 2020 a cadena
        perpetua por «separatismo». Lo que he sabido de su caso me preocupa, y le pido su ayuda.

        Según sus familiares, se le reprochan tres cosas: haberse reunido con amigos el Día de la Independencia de
        Kazajistán, haber dicho lo que piensa de la «educación bilingüe» en Xinjiang y haber aconsejado a otros kazajos
        que se instalaran en Kazajistán. Nada de ello hizo daño a nadie: es el ejercicio pacífico de libertades que
        protege el derecho internacional. Su familia nunca ha visto una sentencia por escrito.

        No me inquieta menos la forma en que fue juzgado. El Gobierno eligió a su abogado; él no pudo designar a uno de
        su confianza. Declaró ante el tribunal que durante los interrogatorios lo golpearon y le apagaron cigarrillos en
        la piel, pero los jueces no atendieron esa denuncia. Si la condena se basa en palabras obtenidas de ese modo, no
        puede ser justa.

        Desde marzo de 2018, poco después de una operación de corazón, permanece aislado del mundo exterior. Temo por su
        salud y por su seguridad.

        Por ello, le ruego respetuosamente que haga cuanto esté en su mano para que Nagyz Muhammed sea puesto en
        libertad, a menos que se le juzgue con las debidas garantías, conforme a las normas internacionales y con
        pruebas creíbles, suficientes y admisibles, por un acto que el derecho internacional considere delito. Hasta
        entonces, le pido que vele por que no sufra tortura ni otros malos tratos.

        Le agradecería mucho una respuesta.
    """),
    short_email=prose("""
        Le escribo acerca de Nagyz Muhammed, poeta y escritor kazajo de Altay, condenado en septiembre de 2020 a cadena
        perpetua por «separatismo». Según sus familiares, solo se reunió con amigos, opinó sobre la política educativa y
        aconsejó a otros que se instalaran en Kazajistán: actos pacíficos.

        No pudo elegir a su abogado, y el tribunal no atendió su denuncia de golpes y quemaduras de cigarrillo.
        Permanece incomunicado desde marzo de 2018, poco después de una operación de corazón.

        Le ruego que contribuya a que sea puesto en libertad, a menos que se le juzgue con las debidas garantías y
        pruebas creíbles por un verdadero delito, y a que hasta entonces esté a salvo de la tortura y los malos tratos.
    """),
    post_text="El escritor Nagyz Muhammed, condenado a cadena perpetua en Xinjiang por dar su opinión y reunirse con "
    "amigos, contó al tribunal que lo golpearon y lo quemaron. Pedimos su libertad y, entretanto, su protección. "
    "#NagyzMuhammed",
)

RUSSIAN = DemoLetter(
    language="ru",
    subject="О деле писателя Нагыза Мухаммеда (Nagyz Muhammed)",
    body=prose("""
        Обращаюсь к Вам в связи с делом Нагыза Мухаммеда (Nagyz Muhammed), казахского поэта и писателя из Алтая
        (Синьцзян), которого в сентябре 2020 года приговорили к пожизненному заключению за «сепаратизм». Это дело
        вызывает у меня тревогу, и я прошу Вас о помощи.

        Насколько известно его родным, в вину ему вменили встречу с друзьями в День независимости Казахстана, открытые
        высказывания о «двуязычном образовании» в Синьцзяне и советы другим казахам переезжать в Казахстан. Никому это
        не причинило вреда: он лишь мирно пользовался свободами, которые защищает международное право. Письменного
        приговора семья так и не увидела.

        Не меньше беспокоит меня и то, как его судили. Адвоката назначили власти: сам выбрать защитника он не мог. Он
        рассказал судьям, что на допросах его били и тушили о его тело сигареты, но суд не стал в этом разбираться.
        Приговор, основанный на полученных таким путём показаниях, не может быть справедливым.

        С марта 2018 года — вскоре после операции на сердце — он лишён связи с внешним миром. Я опасаюсь за его здоровье
        и безопасность.

        Поэтому убедительно прошу Вас сделать всё возможное для освобождения Нагыза Мухаммеда, если только ему не будет
        обеспечен справедливый суд по международным нормам, на основании достоверных, достаточных и допустимых
        доказательств деяния, которое международное право признаёт преступлением. Пока он в заключении, прошу оградить
        его от пыток и любого другого жестокого обращения.

        Благодарю Вас за внимание и надеюсь на ответ.
    """),
    short_email=prose("""
        Казахский писатель Нагыз Мухаммед приговорён к пожизненному заключению за мирные слова. Адвоката он не выбирал,
        о побоях заявил на суде. Прошу содействовать его освобождению, если не будет справедливого суда, и защите от
        пыток.
    """),
    post_text="Казахский поэт и писатель Нагыз Мухаммед приговорён в Синьцзяне к пожизненному заключению за мирные "
    "слова и встречу с друзьями. Он рассказал суду о побоях и ожогах. Просим освободить его и уберечь от пыток. "
    "#NagyzMuhammed",
)

KAZAKH = DemoLetter(
    language="kk",
    subject="Жазушы Нағыз Мұхаммед (Nagyz Muhammed) туралы",
    body=prose("""
        Сізге Шыңжаңның Алтай өңірінен шыққан қазақ ақыны әрі жазушысы Нағыз Мұхаммед (Nagyz Muhammed) туралы жазып
        отырмын. 2020 жылғы қыркүйекте ол «сепаратизм» айыбымен өмір бойына бас бостандығынан айырылды. Бұл іс мені
        алаңдатады, сондықтан Сізден көмек сұраймын.

        Туыстарының білуінше, оған мынадай айып тағылған: Қазақстанның Тәуелсіздік күні достарымен бас қосқаны,
        Шыңжаңдағы «қос тілді білім беру» туралы ойын ашық айтқаны және өзге қазақтарға Қазақстанға қоныс аудару жөнінде
        кеңес бергені. Мұның ешкімге зияны тиген жоқ: ол халықаралық құқық қорғайтын бостандықтарды бейбіт түрде
        пайдаланды. Отбасы жазбаша үкімді осы күнге дейін көрген жоқ.

        Соттың қалай өткені де мені кем алаңдатпайды. Адвокатын үкімет тағайындаған, өзіне қорғаушы таңдауға мүмкіндік
        берілмеген. Ол судьяларға жауап алу кезінде соққыға жығылғанын, денесіне темекінің шоғы басылғанын айтқан, бірақ
        сот мұны тексермеген. Осындай жолмен алынған айғақтарға негізделген үкім әділ бола алмайды.

        Жүрегіне ота жасалғаннан кейін көп ұзамай, 2018 жылғы наурыздан бері оның сыртқы әлеммен байланысы үзілген. Оның
        денсаулығы мен қауіпсіздігіне алаңдаймын.

        Сондықтан, егер халықаралық құқық қылмыс деп танитын әрекет бойынша сенімді, жеткілікті әрі заңды дәлелдер
        негізінде, халықаралық нормаларға сай әділ сот өткізілмесе, Нағыз Мұхаммедтің босатылуына барынша ықпал
        етуіңізді өтінемін. Босатылғанға дейін оны азаптаудан және басқа да қатыгез қарым-қатынастан қорғауыңызды
        сұраймын.

        Назар аударғаныңызға рақмет айтып, жауабыңызды күтемін.
    """),
    short_email=prose("""
        Қазақ жазушысы Нағыз Мұхаммед бейбіт сөзі үшін өмір бойына сотталды. Адвокатын өзі таңдай алмаған, соққы көргені
        туралы сөзін сот тексермеген. Әділ сот болмаса, босатылуына ықпал етіп, азаптаудан қорғауыңызды сұраймын.
    """),
    post_text="Қазақ ақыны әрі жазушысы Нағыз Мұхаммед Шыңжаңда бейбіт сөзі мен достарымен кездескені үшін өмір бойына "
    "сотталды. Ол тергеуде соққы көріп, күйдірілгенін сотта айтты. Оны босатуды, оған дейін қорғауды сұраймыз. "
    "#NagyzMuhammed",
)

LETTERS = (FRENCH, SPANISH, RUSSIAN, KAZAKH)
