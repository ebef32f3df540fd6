"""The first notices and times. Chinese is what holds; English says the same."""

from datetime import date
from typing import Any

FIRST_DAY = date(2026, 11, 1)
PRIVACY = [
    "谁在处理：您所在的企业决定为什么处理您的信息，安学平台受企业委托保存和处理，不作其他用途。",
    "为什么处理：企业依法组织安全生产教育和培训、建立培训档案（安全生产法第二十八条）。这是法定义务，不以您的同意为前提；人脸核验另外征得您的单独同意。",
    "处理哪些信息：姓名、身份证号、手机号、性别、部门岗位；学习时间、进度、终端和网络地址；考试作答和成绩；签名、提问和评价；您同意时的人脸照片和特征。",
    "怎么保护：身份证号、手机号和人脸信息加密保存，页面上只显示一部分；每家企业的数据分开存放，其他企业看不到。",
    "给谁看：本单位有权限的管理人员、依法监管的应急管理部门。公开查验证明时只显示打码的姓名。除法律要求外不提供给别人，不传到境外。",
    "保存多久：培训档案至少三年（浙江省安全生产条例第十四条），特种作业的至少六年；其他信息用完即删。期满后删除，不能删除的去掉可以认出您的部分。",
    "您的权利：在“我的信息”里导出关于您的全部信息，申请更正、限制处理、删除，撤回对人脸识别的同意。十五个工作日内答复，不收费，也不影响您学习和取得证明。",
    "有疑问：先联系本单位安全管理员；对答复不满意，可以向平台监督投诉，或向网信部门投诉。",
]
PRIVACY_EN = [
    "Who: your enterprise decides why your data are processed; Anxue keeps and processes them on its behalf and for nothing else.",
    "Why: the law makes your enterprise train you in work safety and keep a record of it (Work Safety Law art. 28). This duty does not rest on your consent; checks of your face do, and are asked for separately.",
    "What: name, ID number, mobile number, sex, unit and position; times, progress, device and network address while you learn; answers and scores; signatures, questions and ratings; pictures and features of your face if you agree.",
    "How it is protected: ID and mobile numbers and faces are kept encrypted and shown only in part; each enterprise's data lie apart and no other enterprise sees them.",
    "Who sees it: authorised managers of your enterprise and the authority that supervises it by law. A certificate checked in public shows your masked name only. Nobody else is told unless the law says so, and nothing leaves the country.",
    "How long: records of training at least three years (Zhejiang work-safety regulation art. 14), those of special operations six; anything else goes once it is not needed. Then data are deleted, or freed of what could tell who you are.",
    "Your rights: under “My data” export everything about you, ask for correction, restriction or deletion, and take back your consent to face checks. You get an answer within fifteen working days, free of charge, and it costs you neither learning nor certificates.",
    "Questions: ask your enterprise's safety manager first. If the answer does not satisfy you, complain to the platform or to the cyberspace authority.",
]
FACE = [
    "处理目的：按照安全生产培训管理要求，确认参加学习和考试的是您本人。",
    "处理方式：拍摄您按提示转头的几张照片，在本平台的服务器上计算人脸特征并与您登记的人脸比对；登记的照片任何人都调不出来。",
    "信息种类：人脸照片、人脸特征、拍摄时间、所用设备。人脸信息属于敏感个人信息。",
    "保存期限：保存到您撤回同意或培训档案期满；撤回后立即销毁密钥并删除照片和特征，只留下核验结果的文字记录。",
    "谁能看到：只有需要人工复核时，本单位有权限的管理员可以查看核验时拍摄的照片，每次查看都有记录。",
    "对您的影响：不同意人脸识别，不影响学习、考试和取得证明，您可以改用短信验证码，效力完全相同。",
    "您的权利：可以随时在“身份与隐私”里查看、更换方式或撤回同意；撤回不影响此前已经取得的学时。",
]
FACE_EN = [
    "Why: work-safety rules require that it is you who learns and takes the exam.",
    "How: a few pictures while you turn your head as prompted; features are computed on our own servers and compared with your enrolled face. Nobody can retrieve the enrolled picture.",
    "What: pictures of your face, features of your face, time, device. Faces are sensitive personal data.",
    "How long: until you withdraw your consent or the training record ends. On withdrawal the key is destroyed and pictures and features are deleted at once; only the results stay, as text.",
    "Who sees it: only where a person has to decide, authorised managers of your enterprise see pictures taken for the check; each look is recorded.",
    "What it means for you: without your consent you learn, take exams and get certificates all the same, with a text message code of equal worth.",
    "Your rights: see, change or withdraw under “Identity and privacy” at any time; hours earned before stay yours.",
]


def notices() -> list[dict[str, Any]]:
    """Return the first version of each notice."""
    same = {"version": "2026-11", "valid_from": FIRST_DAY, "by": "seed"}
    return [
        {**same, "kind": "PRIVACY", "paragraphs": PRIVACY, "paragraphs_en": PRIVACY_EN},
        {**same, "kind": "FACE", "paragraphs": FACE, "paragraphs_en": FACE_EN},
    ]


def rules() -> list[dict[str, Any]]:
    """Return the times that hold first: 15 working days as the platform promises; the months of the province's law.

    Six years for special operations is what other provinces ask of platforms (赣应急字〔2024〕24号, 冀); Zhejiang names three for all.
    """
    return [
        {
            "valid_from": FIRST_DAY,
            "answer_days": 15,
            "file_days": 7,
            "record_months": 36,
            "record_law": "《浙江省安全生产条例》第十四条：安全生产教育和培训档案保存期限不少于三年",
            "special_months": 72,
            "special_law": "特种作业人员培训档案按不少于六年保存（参照赣应急字〔2024〕24号）",
            "by": "seed",
        }
    ]
