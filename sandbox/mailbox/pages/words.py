"""Every word of the pages, in Russian and in English."""

WORDS = {
    "sandbox": {"ru": "Песочница: письма никуда не уходят", "en": "Sandbox: no letter leaves this machine"},
    "mailbox": {"ru": "Почта", "en": "Mailbox"},
    "other_language": {"ru": "English", "en": "Русский"},
    "everybody": {"ru": "Все адреса", "en": "All addresses"},
    "none": {"ru": "Писем пока нет", "en": "No letters yet"},
    "files": {"ru": "Вложения: {count}", "en": "Attachments: {count}"},
    "attachments": {"ru": "Вложения", "en": "Attachments"},
    "open": {"ru": "открыть", "en": "open"},
    "download": {"ru": "скачать", "en": "download"},
    "from": {"ru": "От", "en": "From"},
    "to": {"ru": "Кому", "en": "To"},
    "text_part": {"ru": "Текстовая часть", "en": "Text part"},
    "headers": {"ru": "Заголовки", "en": "Headers"},
    "source": {"ru": "исходный текст письма", "en": "the letter's source"},
    "back": {"ru": "‹ Все письма", "en": "‹ All letters"},
    "letter": {"ru": "Письмо", "en": "Letter"},
}
