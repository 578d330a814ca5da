pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Yes or no, both to be seen: the one that holds is filled and ticked.
RowLayout {
    id: root

    property var row: ({})
    readonly property var choices: root.row.choices ?? []
    readonly property bool wrong: (root.row.error ?? "") !== ""

    spacing: 16

    Repeater {
        model: root.choices.length

        Pressable {
            id: key

            required property int index
            readonly property var choice: root.choices[key.index] ?? ({})
            readonly property bool taken: key.choice.id === root.row.chosen

            Accessible.checked: key.taken
            Accessible.role: Accessible.RadioButton
            Layout.fillWidth: true
            Layout.preferredWidth: 100
            implicitHeight: Theme.elder ? 108 : 96
            objectName: `row:${root.row.id}:${key.choice.id}`
            text: key.choice.title ?? ""

            background: Rectangle {
                border.color: root.wrong ? Theme.danger : key.taken ? Theme.primary : Theme.outline
                border.width: root.wrong ? 5 : key.taken ? 0 : 3
                color: key.taken ? Theme.primary : key.pressed ? Theme.primaryTint : Theme.writable
                radius: key.radius
            }
            contentItem: Item {
                RowLayout {
                    anchors.centerIn: parent
                    spacing: 12

                    Icon {
                        accent: color
                        color: Theme.onPrimary
                        name: key.taken ? "check" : ""
                        size: 34
                        stroke: 5
                    }
                    Txt {
                        color: key.taken ? Theme.onPrimary : Theme.ink
                        font.pixelSize: Sizes.rowValue
                        leading: 1.2
                        strong: true
                        text: key.text
                        wrapMode: Text.NoWrap
                    }
                }
            }

            onClicked: Flow.fill(root.row.id, key.choice.id)
        }
    }
}
