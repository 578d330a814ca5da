import QtQuick
import QtQuick.Layouts
import Kiosk

// The box one types into; a yellow ring says "this one".
Pressable {
    id: root

    property bool focusedRow: false
    property bool ringed: false
    property var row: ({})
    readonly property bool wrong: (root.row.error ?? "") !== ""

    Accessible.role: Accessible.EditableText
    implicitHeight: Theme.elder ? 108 : 96
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
            name: "edit"
            size: 38
            stroke: 3.2
        }
        Txt {
            Layout.fillWidth: true
            font.letterSpacing: 0.5
            font.pixelSize: Sizes.rowValue
            fontSizeMode: Text.HorizontalFit
            horizontalAlignment: Text.AlignRight
            leading: 1.2
            minimumPixelSize: 24
            strong: true
            text: root.row.value ?? ""
            wrapMode: Text.NoWrap
        }
        Rectangle {
            color: Theme.primary
            implicitHeight: Sizes.rowValue * 1.1
            implicitWidth: 4
            visible: root.focusedRow
        }
    }

    onClicked: Flow.edit(root.row.id)
}
