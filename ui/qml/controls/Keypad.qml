pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Keys for one row: digits, money, ID number with X, credit code. What a key does to the text is decided in Python.
Rectangle {
    id: root

    property string kind: "digits"
    readonly property bool letters: root.kind === "uscc"
    readonly property int columns: root.letters ? (Theme.landscape ? 11 : 8) : 4
    readonly property var layouts: ({
            "digits": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", "", "0", "", "done"],
            "money": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", ".", "0", "00", "done"],
            "id": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", "X", "0", "", "done"],
            "uscc": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "Q", "R", "T", "U", "W", "X", "Y", "back"]
        })
    readonly property var keys: root.layouts[root.kind] ?? root.layouts["digits"]
    property bool closable: true

    signal closed

    border.color: Theme.line
    border.width: 2
    color: Theme.sunk
    implicitHeight: grid.implicitHeight + 40
    radius: Sizes.radiusCard

    GridLayout {
        id: grid

        anchors.fill: parent
        anchors.margins: 20
        columnSpacing: root.letters ? 12 : 16
        columns: root.columns
        rowSpacing: root.letters ? 12 : 16

        Repeater {
            model: root.keys.length

            Key {
                id: key

                required property int index
                readonly property string face: root.keys[key.index]
                readonly property bool tall: !root.letters && key.index === 7

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: Sizes.targetKey
                Layout.preferredWidth: 100
                code: key.face
                opacity: key.face === "" || (key.face === "done" && !root.closable) ? 0 : 1
                visible: true
                enabled: opacity > 0

                onClicked: key.face === "done" ? root.closed() : Flow.press(key.face)
            }
        }
    }
}
