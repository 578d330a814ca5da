pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Keys for one row: figures, money, ID number with X, letters and figures; below those of an address the endings that
// one touch writes. What a key does is decided in Python.
Rectangle {
    id: root

    property string kind: "digits"
    property string typed // so far: a number plate begins with its province
    readonly property bool letters: root.alphabet !== ""
    readonly property string alphabet: root.kind === "plate" && root.typed === "" ? root.provinces : root.alphabets[root.kind] ?? ""
    readonly property string provinces: "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    readonly property int columns: root.letters ? (Theme.landscape ? 11 : root.closable ? 9 : 8) : 4
    property var endings: []
    readonly property var ended: Theme.elder && !Theme.landscape ? root.endings.slice(0, 3) : root.endings // large keys have room for one row of them
    readonly property bool address: root.kind === "email"
    readonly property var alphabets: ({
            "email": "1234567890abcdefghijklmnopqrstuvwxyz@._-+",
            "letters": "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "plate": "1234567890ABCDEFGHJKLMNPQRSTUVWXYZ",
            "uscc": "1234567890ABCDEFGHJKLMNPQRTUWXY",
            "vin": "1234567890ABCDEFGHJKLMNPRSTUVWXYZ"
        })
    readonly property var layouts: ({
            "digits": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", "", "0", "", "done"],
            "money": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", ".", "0", "00", "done"],
            "id": ["1", "2", "3", "back", "4", "5", "6", "clear", "7", "8", "9", "", "X", "0", "", "done"]
        })
    readonly property var keys: root.letters ? root.alphabet.split("").concat(root.address ? ["back", "clear"] : ["back"], root.closable ? ["done"] : []) : root.layouts[root.kind] ?? root.layouts["digits"]
    property bool closable: true

    signal closed

    border.color: Theme.line
    border.width: 2
    color: Theme.sunk
    implicitHeight: grid.implicitHeight + ends.implicitHeight + (ends.visible ? grid.rowSpacing : 0) + 40
    radius: Sizes.radiusCard

    GridLayout {
        id: grid

        anchors.bottom: ends.visible ? ends.top : parent.bottom
        anchors.bottomMargin: ends.visible ? grid.rowSpacing : 20
        anchors.left: parent.left
        anchors.margins: 20
        anchors.right: parent.right
        anchors.top: parent.top
        columnSpacing: root.letters ? 12 : 16
        columns: root.columns
        rowSpacing: root.letters ? 12 : 16

        Repeater {
            model: root.keys.length

            Key {
                id: key

                required property int index

                Layout.columnSpan: root.letters && key.code === "done" ? root.columns - key.index % root.columns : 1
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: Sizes.targetKey
                Layout.preferredWidth: 100 * Layout.columnSpan
                code: root.keys[key.index] ?? ""
                opacity: key.code === "" || (key.code === "done" && !root.closable) ? 0 : 1
                visible: true
                enabled: opacity > 0

                onClicked: key.code === "done" ? root.closed() : Flow.press(key.code)
            }
        }
    }
    GridLayout {
        id: ends

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.margins: 20
        anchors.right: parent.right
        columnSpacing: 12
        columns: Theme.landscape ? root.ended.length : 3
        height: visible ? implicitHeight : 0
        rowSpacing: 12
        visible: root.address && root.ended.length > 0

        Repeater {
            model: ends.visible ? root.ended.length : 0

            Key {
                id: ending

                required property int index

                Layout.fillWidth: true
                Layout.preferredHeight: Sizes.targetKey
                Layout.preferredWidth: 20 * ending.code.length // a long name has a wide key
                code: root.ended[ending.index] ?? ""
                wordy: true

                onClicked: Flow.press(ending.code)
            }
        }
    }
}
