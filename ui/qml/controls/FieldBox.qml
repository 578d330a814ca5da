import QtQuick
import QtQuick.Layouts
import Kiosk

// The box one types into, or that opens a page to touch one of a few; a yellow ring says "this one".
Pressable {
    id: root

    property bool focusedRow: false
    property bool ringed: false
    property var row: ({})
    readonly property bool opens: (root.row.keypad ?? "") === ""
    readonly property bool vacant: (root.row.value ?? "") === "" && !root.focusedRow
    readonly property bool written: (root.row.input ?? "") === "text" // words, on as many lines as fit
    readonly property bool wordy: root.opens && !root.vacant && words.advanceWidth > root.availableWidth - 50 // too long for one large line beside the icon
    // A long number is written smaller rather than cut; not by the text itself, which would leave its line as high and itself at the top.
    readonly property int fitting: Math.max(24, Math.min(Sizes.rowValue, Math.floor(0.97 * Sizes.rowValue * (root.availableWidth - (root.focusedRow ? 66 : 50)) / Math.max(1, words.advanceWidth))))
    readonly property bool wrong: (root.row.error ?? "") !== ""

    Accessible.description: root.row.value ?? ""
    Accessible.role: root.opens ? Accessible.ButtonDropDown : Accessible.EditableText
    implicitHeight: root.written || root.wordy ? Math.max(Sizes.targetMinimum + 20, shown.contentHeight + 28) : Theme.elder ? 108 : 96
    leftPadding: 22
    objectName: "row:" + (root.row.id ?? "")
    rightPadding: 22
    text: root.row.label ?? ""

    background: Rectangle {
        border.color: root.wrong ? Theme.danger : Theme.primary
        border.width: 5
        color: Theme.writable
        radius: root.radius

        Rectangle {
            anchors.fill: parent
            anchors.margins: -5
            border.color: Theme.focus
            border.width: 5
            color: "transparent"
            radius: root.radius + 5
            visible: root.focusedRow || root.ringed
        }
    }
    contentItem: RowLayout {
        spacing: 12

        Icon {
            name: root.opens ? "tap" : "edit"
            size: 38
            stroke: 3.2
        }
        Txt {
            id: shown

            Layout.fillWidth: true
            color: root.vacant ? Theme.inkMuted : Theme.ink
            font.letterSpacing: root.vacant ? 0 : 0.5
            font.pixelSize: root.vacant ? Sizes.note : root.wordy ? Sizes.body : root.written ? Sizes.rowValue : root.fitting
            horizontalAlignment: root.written ? Text.AlignLeft : Text.AlignRight
            leading: 1.2
            strong: !root.vacant
            text: root.vacant ? Words.t[root.opens ? "box.choose" : "box.fill"] : root.row.value ?? ""
            wrapMode: root.written || root.wordy ? Text.Wrap : Text.NoWrap
        }
        Rectangle {
            color: Theme.primary
            implicitHeight: Sizes.rowValue * 1.1
            implicitWidth: 4
            visible: root.focusedRow
        }
    }

    onClicked: Flow.edit(root.row.id)

    TextMetrics {
        id: words

        font.family: shown.font.family
        font.letterSpacing: 0.5
        font.pixelSize: Sizes.rowValue
        font.weight: Font.Bold
        text: root.row.value ?? ""
    }
}
