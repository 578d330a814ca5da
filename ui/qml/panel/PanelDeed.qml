pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Kiosk
import "../controls"

// One thing to do: its values, and the key that does it.
Rectangle {
    id: root

    property var deed: ({})
    property string device
    property var typed: ({})

    signal cardWanted

    border.color: Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: column.implicitHeight + 32
    implicitWidth: 320
    radius: Sizes.radiusButton

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.margins: 16
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: 10

        SecondButton {
            Layout.fillWidth: true
            blue: !(root.deed.common ?? false)
            fontSize: 26
            implicitHeight: 64
            objectName: "deed:" + (root.deed.name ?? "")
            text: root.deed.title ?? ""

            onClicked: Panel.act(root.device, root.deed.name, root.typed)
        }
        Repeater {
            model: (root.deed.fields ?? []).length

            GridLayout {
                id: row

                required property int index
                readonly property var field: (root.deed.fields ?? [])[row.index] ?? ({})

                Layout.fillWidth: true
                columnSpacing: 10
                columns: row.field.wide ? 1 : 2
                rowSpacing: 4

                Txt {
                    Layout.preferredWidth: row.field.wide ? -1 : 110
                    color: Theme.inkMuted
                    font.pixelSize: 20
                    leading: 1.2
                    text: (row.field.label ?? "") + (row.field.needed ? " *" : "")
                }
                ComboBox {
                    Layout.fillWidth: true
                    currentIndex: Math.max(0, (row.field.options ?? []).indexOf(row.field.value))
                    font.family: Theme.bodyFont
                    font.pixelSize: 20
                    model: row.field.labels ?? []
                    visible: (row.field.options ?? []).length > 0

                    onActivated: index => root.typed[row.field.name] = row.field.options[index]
                }
                SecondButton {
                    Layout.fillWidth: true
                    blue: false
                    fontSize: 20
                    implicitHeight: 48
                    objectName: "ownCard:" + (root.deed.name ?? "")
                    text: Words.t["panel.chooseCard"]
                    visible: row.field.shape === "card"

                    onClicked: root.cardWanted()
                }
                Switch {
                    checked: row.field.value === "true"
                    visible: row.field.shape === "switch"

                    onToggled: root.typed[row.field.name] = checked ? "true" : "false"
                }
                TextField {
                    Layout.fillWidth: true
                    font.family: Theme.bodyFont
                    font.pixelSize: 20
                    objectName: "field:" + (root.deed.name ?? "") + ":" + (row.field.name ?? "")
                    text: row.field.value ?? ""
                    visible: ["number", "list", "text"].indexOf(row.field.shape) >= 0

                    onTextEdited: root.typed[row.field.name] = text
                }
            }
        }
    }
}
