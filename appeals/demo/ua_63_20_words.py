"""What the demo says about UA 63/20: its facts in our own sentences, in English and Chinese."""

from appeals.demo.shape import prose

FIRST_SUMMARY = prose("""
    Friends and relatives of Nagyz Muhammed, a poet from China's Kazakh minority, have been unable to reach him since
    he went back to Altay in Xinjiang in March 2018 and the police there called him in. Now an unconfirmed report has
    come to the family: he is said to have been found guilty of “separatism” and to have received seven years in prison.
    Nothing in writing supports it. Cut off as he is, he could be ill-treated without anyone knowing.
""")

FIRST_INFORMATION = prose("""
    Nagyz Muhammed is a poet and works as a writer for the state's cultural heritage office in Altay. His family moved
    to Kazakhstan in 2012. He had an operation on his heart in Urumqi early in 2018, recovered with relatives in Almaty,
    and went home because a fellow worker told him that he was urgently needed.

    The text and the officials of this first notice are put together from what the second one tells about the spring of
    2020; its day of issue and its deadline are assumed.
""")

FIRST_LETTER = prose("""
    I am writing about Nagyz Muhammed, a Kazakh poet and writer from Altay. The police there called him in after he
    came home from Kazakhstan in March 2018, and he has been cut off from everyone close to him since.

    His family now hears, without any document, that he is to serve seven years for “separatism”. They know neither
    where he is kept nor whether he ever stood before a judge. Because he had a heart operation shortly before all
    this, they fear for his health as well as for his safety.

    I respectfully ask you to help make known where he is and what he is accused of, to let a lawyer of his own
    choosing and his family see him, and to make sure that nobody harms him. If he is held only for what he peacefully
    said or wrote, please let him go home.

    I would be grateful for an answer.
""")

SECOND_SUMMARY = prose("""
    In September 2020 a Chinese court sent Nagyz Muhammed, a poet and writer from the Kazakh minority, to prison for the
    rest of his life. The charge was “separatism”. What lay behind it, his family says, was a meeting of friends on the
    day when Kazakhstan celebrates its independence, his views on how “bilingual education” is handled in Xinjiang, and
    his advice to other Kazakhs there to settle across the border. He denied the charge before the judges and told them
    that interrogators had hit him and put out cigarettes on his skin. He has been held incommunicado since March 2018,
    and those close to him fear for his health.
""")

SECOND_DEMANDS = (
    "Release Nagyz Muhammed, unless he is tried fairly, by international standards, and on evidence that is credible, "
    "sufficient and lawful, for something that international law treats as a crime.",
    "Until he is free, protect him from torture and from every other kind of ill-treatment.",
)

SECOND_INFORMATION = prose("""
    Nagyz Muhammed holds Chinese citizenship and belongs to the Kazakh minority. In Altay, in the north-west of China,
    he was employed as a writer by the state's office for intangible cultural heritage. Two volumes of his poems have
    appeared in print, and he belongs to the writers' association of Xinjiang. In 2012 his family moved to Kazakhstan
    for the sake of better schooling, and he visited them there many times.

    Early in 2018 he had an operation on his heart in Urumqi, the regional capital, and then recovered with relatives
    in Almaty. That March a fellow worker in China urged him to come back to his post without delay. He did. Soon
    after he reached Altay the police called him in and wanted to know about the journey he had just made.

    The family was left to rumour. In April 2020 someone told them of a seven-year prison term, which they had no
    means of verifying because nothing in writing was ever handed over. Five months later this turned out to be wrong:
    the sentence was life. Some relatives could follow the hearing, though only from behind a screen, and neither the
    family nor the lawyer has been given a written judgment. The government had picked that lawyer; hardly any
    independent lawyer dares to act in a case from Xinjiang.

    About 22 million people live in Xinjiang. The larger part of them are not Han but belong to peoples who are mostly
    Muslim and mostly speak Turkic languages: some 11.3 million Uyghurs, some 1.6 million Kazakhs, and several others.

    Controls have grown far tighter since Chen Quanguo took over as Party Secretary in 2016. By October of that year
    word came from many sides that Uyghurs had to give up their passports and could no longer travel. A regional
    “De-extremification Regulation” followed in March 2017. Under it a beard that officials find “abnormal”, a burka,
    a refusal to follow state radio or television, or reading and passing on texts that count as “extremist” can all
    be held against a person, and officials themselves are graded each year on how they enforce it.

    By one estimate as many as a million people, Uyghurs and Kazakhs among them, have been locked up in camps for
    “transformation through education”. Beijing first said that there were none; from October 2018 on it spoke of
    centres where people learn a trade of their own free will. Former inmates tell of hunger, of beatings and of being
    kept alone in a cell. Requests to let independent experts look around without limits have been turned down. Chosen
    delegations are shown around instead, under close watch.
""")

SECOND_SUMMARY_ZH = prose(
    """
    2020年9月，中国法院以“分裂主义”罪名判处哈萨克族诗人、作家 Nagyz Muhammed 无期徒刑。
    家人说，他获罪的缘由是：在哈萨克斯坦独立日与朋友相聚，对新疆如何推行“双语教育”发表看法，
    并劝当地的哈萨克族人迁往哈萨克斯坦。他在法庭上没有认罪，并陈述自己受审讯时遭到殴打，还被烟头烫伤。
    自2018年3月以来，他一直被关押，与外界隔绝，亲人十分担忧他的健康。
    """,
    between="",
)

SECOND_DEMANDS_ZH = (
    "释放 Nagyz Muhammed，除非有充分、可信且合法取得的证据证明他犯有国际公认的罪行，并依照国际标准给予他公正审判。",
    "在他获释之前，确保他不遭受酷刑和其他任何形式的虐待。",
)

SECOND_INFORMATION_ZH = prose(
    """
    Nagyz Muhammed 是中国公民，哈萨克族，曾在中国西北部阿勒泰的国家非物质文化遗产机构从事写作，
    出版过两部诗集，也是新疆作家协会的会员。2012年，家人为获得更好的教育机会迁居哈萨克斯坦，
    此后他多次前往探亲。

    2018年初，他在乌鲁木齐接受心脏手术，随后到阿拉木图的亲戚家休养。
    同年3月，国内一位同事催他尽快回单位上班，他便动身返回。到阿勒泰后不久，
    他被当地派出所传唤，警察追问他这次去哈萨克斯坦的情况。

    2020年4月，有人告诉家人，他被判了七年。由于没有任何书面文件，家人始终无法核实。
    直到同年9月，他们才得知这个消息并不准确：他被判的是无期徒刑。部分亲属获准旁听庭审，
    但只能坐在屏风后面；家人和律师至今都没有拿到判决书。为他辩护的律师由政府指派；
    涉及新疆的案件被视为敏感，很少有律师敢于接手。

    新疆人口约2200万，其中一半以上不是汉族，而是多半信奉伊斯兰教、多半使用突厥语族语言的民族，
    包括约1130万维吾尔族人和约160万哈萨克族人。2016年陈全国出任自治区党委书记以后，
    当地的管控大为收紧：当年10月，多方消息称维吾尔人的护照被收缴；2017年3月，《去极端化条例》出台，
    蓄“异常”胡须、穿罩袍、拒绝收看收听公共广播电视，或阅读、传播所谓“极端化”内容，都可能因此获咎，
    干部执行得如何也要逐年考核。

    据估计，多达一百万人曾被关进“教育转化”中心，其中有维吾尔人和哈萨克人。中国当局起初否认这些设施存在，
    2018年10月起又称之为自愿、免费的“职业技能教育培训中心”。
    而曾被关押的人讲述的，却是殴打、挨饿和单独囚禁。独立专家要求不受限制地进入新疆调查，一直遭到拒绝；
    外界看到的，只是经过精心安排、全程受到监视的参观。
    """,
    between="",
)

SECOND_LETTER = prose("""
    I am writing to you about Nagyz Muhammed, a Kazakh poet and writer from Altay who was given a life sentence for
    “separatism” in September 2020. What I have learned of his case troubles me, and I ask for your help.

    As far as his relatives know, three things were held against him: he met friends on the day when Kazakhstan
    celebrates its independence, he spoke his mind about “bilingual education” in Xinjiang, and he advised other
    Kazakhs to settle in Kazakhstan. None of this harmed anyone. It is the peaceful use of freedoms that international
    law protects. His family has never been shown a written judgment.

    The way in which he was tried worries me as much. The government chose his lawyer; he was not free to choose one
    himself. He told the judges of beatings, and of cigarettes that were put out on his skin while he was
    questioned, yet the court did not deal with this. If his conviction rests on words obtained in such a way, it
    cannot be just.

    He has been cut off from the outside world since March 2018, not long after heart surgery. I fear for his health
    and for his safety.

    I therefore respectfully ask you to do all you can so that Nagyz Muhammed is released, unless he is tried fairly,
    by international standards, and on evidence that is credible, sufficient and lawful, for something that
    international law treats as a crime. Until he is free, please make sure that he is protected from torture and from
    every other kind of ill-treatment.

    I would be grateful for an answer.
""")

SECOND_LETTER_ZH = prose(
    """
    我写信给您，是为了阿勒泰的哈萨克族诗人、作家 Nagyz Muhammed。2020年9月，
    他以“分裂主义”罪名被判处无期徒刑。得知他的遭遇，我深感不安，恳请您予以关注。

    据家人所知，他获罪的缘由有三：在哈萨克斯坦独立日与朋友相聚；对新疆的“双语教育”直言自己的看法；
    劝当地的哈萨克族人迁往哈萨克斯坦。这些都是和平的言行，没有伤害任何人，理应受到国际人权法的保护。
    时至今日，家人仍未见到任何正式的判决文书。

    审理的过程同样令人忧虑。为他辩护的律师由政府指派，他无法委托自己信任的律师。他当庭陈述，
    自己在审讯期间遭到殴打、被烟头烫伤，法庭却没有处理这一陈述。如果定罪所依据的是这样取得的口供，
    判决便谈不上公正。

    自2018年3月起，他一直被关押，无法与外界联系，而在那之前不久，他刚刚做过心脏手术。
    我十分担心他的健康和安全。

    为此，我恳请您尽力促成以下两点：一、释放 Nagyz Muhammed，除非有充分、可信且合法取得的证据
    证明他犯有国际公认的罪行，并依照国际标准给予他公正审判；二、在他获释之前，确保他不遭受酷刑和其他任何形式的虐待。

    盼望得到您的答复。
    """,
    between="",
)

SHORT_EMAIL = prose("""
    I am writing about Nagyz Muhammed, a Kazakh poet and writer from Altay, who was sentenced to life imprisonment for
    “separatism” in September 2020. His relatives say that he only met friends, spoke about education policy and
    advised others to move to Kazakhstan: peaceful acts, all of them.

    He could not choose his lawyer, and the court did not deal with his account of beatings and cigarette burns. He
    has been held incommunicado since March 2018, soon after heart surgery.

    I respectfully ask you to help bring about his release, unless he is tried fairly and on credible evidence for a
    real crime, and to see that he is safe from torture and ill-treatment until then.
""")

SHORT_EMAIL_ZH = prose(
    """
    我为哈萨克族作家 Nagyz Muhammed 写信给您。2020年9月，他因和平的言行以“分裂主义”罪名被判无期徒刑。
    他无法自选律师，当庭陈述遭殴打、烟头烫伤，法庭却未予处理。

    恳请您促成释放他，除非依国际标准公正审判；并确保他不受酷刑和虐待。
    """,
    between="",
)

POST_TEXT = (
    "Poet and writer Nagyz Muhammed was sentenced to life in prison in Xinjiang for peaceful words and a meeting of "
    "friends. He told the court of beatings and burns. Please release him, and keep him safe until then. "
    "#NagyzMuhammed"
)

POST_TEXT_ZH = (
    "哈萨克族诗人、作家 Nagyz Muhammed 因和平的言行被判无期徒刑，并曾当庭陈述遭殴打、被烟头烫伤。"
    "请释放他，并在此之前确保他的安全。#NagyzMuhammed"
)

CALL_SCRIPT = prose("""
    Good morning. I am calling with a message for the Ambassador about Nagyz Muhammed, a Kazakh poet and writer. Will
    you take it down, please? (Spell the name: N-A-G-Y-Z, M-U-H-A-M-M-E-D.)

    He was sentenced to life in prison in September 2020 for peaceful acts, after a trial in which he could not choose
    his lawyer. He told the judges of blows and of burns.

    I ask the Ambassador to pass on that he should be released, unless he is tried fairly for a real crime, and that he
    must be safe from ill-treatment until then. Thank you for your time. May I ask how I will hear of an answer?
""")
