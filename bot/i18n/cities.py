"""Cities that people name when they are asked for their time, beside those that zones are called by."""

from __future__ import annotations

NEAR_HOME = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Minsk",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
"""A button for each, from west to east."""

CITIES = {
    "Europe/Moscow": (
        "Санкт-Петербург", "Петербург", "Питер", "Казань", "Нижний Новгород", "Ростов-на-Дону",
        "Краснодар", "Воронеж", "Сочи", "Севастополь", "Симферополь", "Тула", "Рязань", "Ярославль",
        "Тверь", "Мурманск", "Архангельск", "Сыктывкар", "Петрозаводск", "Псков", "Смоленск", "Брянск",
        "Курск", "Белгород", "Орёл", "Калуга", "Липецк", "Тамбов", "Пенза", "Саранск", "Чебоксары",
        "Йошкар-Ола", "Вологда", "Кострома", "Иваново", "Владимир", "Ставрополь", "Махачкала",
        "Грозный", "Владикавказ", "Нальчик", "Новороссийск", "Saint Petersburg", "Kazan", "Sochi",
        "Krasnodar", "Rostov-on-Don",
    ),
    "Europe/Samara": ("Тольятти", "Ижевск", "Tolyatti", "Izhevsk"),
    "Asia/Yekaterinburg": (
        "Уфа", "Челябинск", "Пермь", "Тюмень", "Сургут", "Оренбург", "Курган", "Магнитогорск",
        "Ханты-Мансийск", "Нижневартовск", "Салехард", "Нижний Тагил", "Ufa", "Chelyabinsk", "Perm",
        "Tyumen",
    ),
    "Asia/Krasnoyarsk": ("Абакан", "Кызыл", "Норильск"),
    "Asia/Novokuznetsk": ("Кемерово",),
    "Asia/Irkutsk": ("Улан-Удэ", "Братск"),
    "Asia/Yakutsk": ("Благовещенск",),
    "Asia/Vladivostok": ("Хабаровск", "Комсомольск-на-Амуре", "Биробиджан", "Khabarovsk"),
    "Asia/Sakhalin": ("Южно-Сахалинск",),
    "Europe/Minsk": (
        "Гомель", "Могилёв", "Витебск", "Гродно", "Брест", "Бобруйск", "Барановичи", "Гродна", "Брэст",
        "Віцебск", "Магілёў", "Бабруйск", "Баранавічы", "Gomel", "Brest", "Grodno", "Vitebsk",
    ),
    "Asia/Bishkek": (
        "Ош", "Джалал-Абад", "Жалал-Абад", "Каракол", "Токмок", "Нарын", "Талас", "Баткен",
        "Чолпон-Ата", "Osh",
    ),
    "Asia/Almaty": (
        "Алма-Ата", "Астана", "Шымкент", "Караганда", "Қарағанды", "Тараз", "Павлодар", "Семей",
        "Усть-Каменогорск", "Өскемен", "Петропавловск", "Кокшетау", "Туркестан", "Astana", "Shymkent",
        "Karaganda",
    ),
    "Asia/Tashkent": ("Наманган", "Андижан", "Фергана"),
    "Asia/Dushanbe": ("Худжанд",),
    "Europe/Kiev": ("Харьков", "Одесса", "Львов", "Днепр"),
}  # fmt: skip
"""By their zones; Kazan keeps Moscow's time, Osh keeps Bishkek's."""
