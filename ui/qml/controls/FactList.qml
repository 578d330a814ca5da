pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Label and value, row by row, on a card.
Card {
    id: root

    property var facts: []

    implicitHeight: root.facts.length ? column.implicitHeight + 24 : 0
    visible: root.facts.length > 0

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: Sizes.cardPadding
        anchors.right: parent.right
        anchors.rightMargin: Sizes.cardPadding
        anchors.verticalCenter: parent.verticalCenter
        spacing: 0

        Repeater {
            model: root.facts.length

            ColumnLayout {
                id: entry

                required property int index
                readonly property var fact: root.facts[entry.index] ?? ["", ""]

                Layout.fillWidth: true
                spacing: 0

                Rectangle {
                    Layout.fillWidth: true
                    color: Theme.line
                    implicitHeight: 2
                    visible: entry.index > 0
                }
                RowLayout {
                    Layout.bottomMargin: 18
                    Layout.fillWidth: true
                    Layout.topMargin: 18
                    spacing: 24

                    Txt {
                        Layout.fillWidth: true
                        Layout.preferredWidth: 200
                        color: Theme.inkMuted
                        font.pixelSize: Theme.elder ? Sizes.note : 28
                        leading: 1.35
                        text: entry.fact[0] ?? ""
                    }
                    Txt {
                        Layout.fillWidth: true
                        Layout.minimumWidth: /^\S*\d\S*$/.test(text) ? Math.ceil(implicitWidth) : 0 // no number is broken
                        Layout.preferredWidth: 260
                        font.pixelSize: Theme.elder ? Sizes.body : 32
                        horizontalAlignment: Text.AlignRight
                        leading: 1.35
                        strong: true
                        text: entry.fact[1] ?? ""
                    }
                }
            }
        }
    }
}
