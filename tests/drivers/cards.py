"""The card that tests lay on the simulated reader when any valid one will do."""

RESIDENT = {
    "layout": "resident",
    "name": "李秀兰",
    "number": "11010519491231002X",
    "sex": "2",
    "nation": "01",
    "birth": "19491231",
    "address": "云川市禾木区稻香路一〇二号",
    "authority": "云川市公安局",
    "validFrom": "20100101",
    "validTo": "长期",
}
