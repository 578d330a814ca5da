pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// What is signed, letter by letter: heading, paragraphs, facts, and the day at the end.
Card {
    id: root

    property string day
    property var facts: []
    property string heading
    property var paragraphs: []

    implicitHeight: column.implicitHeight + (Theme.elder && Theme.landscape ? 40 : 56)

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: Sizes.cardPadding
        anchors.right: parent.right
        anchors.rightMargin: Sizes.cardPadding
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.elder ? 8 : 14

        Txt {
            Layout.fillWidth: true
            font.pixelSize: Theme.elder ? Sizes.body : 34
            horizontalAlignment: Text.AlignHCenter
            leading: 1.35
            objectName: "heading"
            strong: true
            text: root.heading
        }
        Repeater {
            model: root.paragraphs.length

            Txt {
                required property int index

                Layout.fillWidth: true
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.4
                text: root.paragraphs[index] ?? ""
            }
        }
        Rectangle {
            Layout.fillWidth: true
            color: Theme.line
            implicitHeight: 2
        }
        Repeater {
            model: root.facts.length

            RowLayout {
                id: entry

                required property int index
                readonly property var fact: root.facts[entry.index] ?? ["", ""]

                Layout.fillWidth: true
                spacing: 20

                Txt {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 165
                    color: Theme.inkMuted
                    font.pixelSize: Theme.elder ? Sizes.note : 28
                    leading: 1.35
                    text: entry.fact[0] ?? ""
                }
                Txt {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 285
                    font.pixelSize: Theme.elder ? Sizes.note : 28
                    leading: 1.35
                    strong: true
                    text: entry.fact[1] ?? ""
                }
            }
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: Theme.elder ? Sizes.note : 28
            horizontalAlignment: Text.AlignRight
            leading: 1.35
            text: root.day
        }
    }
}
