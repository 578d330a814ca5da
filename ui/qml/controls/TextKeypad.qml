pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// Letters, signs, and Chinese by pinyin or strokes. What a key means and which words there are is decided in Python.
Rectangle {
    id: root

    property bool closable: true
    readonly property int columns: Theme.landscape ? (Theme.elder ? 9 : 12) : (Theme.elder ? 5 : 7)
    // Letters and signs offer no words: their room is the keys'.
    readonly property int lines: Ime.method === "letters" || Ime.method === "signs" ? 0 : root.most
    readonly property real edge: Theme.elder ? 14 : 20
    readonly property real gap: Theme.elder ? 6 : 12
    readonly property real high: (root.height - root.edge * 2 - root.spelledHeight - root.gap * (root.lines + 4)) / (root.lines + 4)
    readonly property int most: Theme.landscape ? 1 : 2
    readonly property real spelledHeight: Theme.elder ? 56 : 44
    readonly property real rowsTop: root.spelledHeight + (root.high + root.gap) * root.lines + root.gap
    readonly property real rowHigh: (root.high * 3 + root.gap * (3 - root.keys.length)) / root.keys.length
    readonly property bool spelling: Ime.spelled !== ""
    readonly property var methods: Ime.ready ? ["pinyin", "stroke", "letters", "signs"] : ["letters", "signs"]
    readonly property var keys: root.layouts[Ime.method] ?? root.layouts["letters"]
    readonly property var letters: ["qwertyuiop".split(""), "asdfghjkl".split(""), ["shift"].concat("zxcvbnm".split(""), ["back"])]
    readonly property var layouts: ({
            "letters": root.letters,
            "pinyin": [root.letters[0], root.letters[1], root.letters[2].slice(1)],
            "signs": ["1234567890".split(""), "，。、；：？！（）".split("").concat(["-"]), "@./#&+—《》".split("").concat(["back"])],
            "stroke": [["h", "s", "p"], ["n", "z", "back"]]
        })

    signal closed

    border.color: Theme.line
    border.width: 2
    color: Theme.sunk
    implicitHeight: root.edge * 2 + root.spelledHeight + (root.most + 4) * (Sizes.targetKey + root.gap)
    radius: Sizes.radiusCard

    Component.onCompleted: Ime.begin(Words.lang)
    Component.onDestruction: Ime.forget()

    // Where key `place` of `row` stands, and how wide it is: ten to a row, the rest is shared by the last.
    function at(row: var, place: int): rect {
        const wide = inner.width;
        const few = row.length <= 3;
        const unit = few ? (wide - root.gap * 2) / 3 : (wide - root.gap * 9) / 10;
        const last = row[place] === "back";
        const used = row.length * unit + (row.length - 1) * root.gap;
        const begin = row.includes("back") ? 0 : (wide - used) / 2;
        const x = begin + place * (unit + root.gap);
        return Qt.rect(x, 0, last && !few ? wide - x : unit, 0);
    }

    Item {
        id: inner

        anchors.fill: parent
        anchors.margins: root.edge

        Txt {
            color: root.spelling ? Theme.primary : Theme.inkMuted
            font.pixelSize: Sizes.note
            fontSizeMode: Text.HorizontalFit
            height: root.spelledHeight
            minimumPixelSize: 24
            strong: root.spelling
            text: Ime.spelled || (Words.t["ime.hint." + Ime.method] ?? "")
            verticalAlignment: Text.AlignVCenter
            width: parent.width
            wrapMode: Text.NoWrap
        }
        WordStrip {
            columns: root.columns
            visible: root.lines > 0
            y: root.spelledHeight + root.gap
            height: root.lines * root.high + (root.lines - 1) * root.gap
            lines: root.most
            gap: root.gap
            width: parent.width
        }
        Repeater {
            model: root.keys.length

            Item {
                id: line

                required property int index
                readonly property var row: root.keys[line.index]

                height: root.rowHigh
                width: inner.width
                y: root.rowsTop + line.index * (root.rowHigh + root.gap)

                Repeater {
                    model: line.row.length

                    Key {
                        required property int index
                        readonly property rect place: root.at(line.row, index)

                        code: line.row[index] ?? ""
                        face: Ime.method === "stroke" ? Words.t["stroke." + code] ?? "" : Ime.upper && code.length === 1 ? code.toUpperCase() : ""
                        height: line.height
                        held: code === "shift" && Ime.upper
                        width: place.width
                        x: place.x

                        onClicked: Ime.press(code)
                    }
                }
            }
        }
        Row {
            id: last

            readonly property real unit: (inner.width - root.gap * 9) / 10

            height: root.high
            spacing: root.gap
            y: inner.height - height

            Repeater {
                model: root.methods.length

                Key {
                    required property int index

                    code: "method:" + (root.methods[index] ?? "")
                    face: Words.t["method." + root.methods[index]] ?? ""
                    height: last.height
                    held: Ime.method === root.methods[index]
                    width: last.unit * 1.5 + root.gap * 0.5
                    wordy: true

                    onClicked: Ime.use(root.methods[index] ?? "")
                }
            }
            Key {
                code: "space"
                face: root.spelling ? Words.t["key.first"] : Words.t["key.space"]
                height: last.height
                width: inner.width - root.methods.length * (last.unit * 1.5 + root.gap * 1.5) - (root.closable ? last.unit * 2 + root.gap * 2 : 0)
                wordy: true

                onClicked: Ime.press("space")
            }
            Key {
                code: "done"
                height: last.height
                visible: root.closable
                width: last.unit * 2 + root.gap

                onClicked: root.closed()
            }
        }
    }
}
