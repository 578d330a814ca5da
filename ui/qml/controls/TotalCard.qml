import QtQuick
import QtQuick.Layouts
import Kiosk

// The total first: large, in blue, and in words.
Rectangle {
    id: root

    property string label
    property string amount
    property string words
    property bool wide: Theme.landscape

    color: Theme.primaryTint
    implicitHeight: root.wide ? Math.max(168, row.implicitHeight + 40) : row.implicitHeight + 56
    radius: Sizes.radiusCard

    ColumnLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: root.wide ? 40 : 36
        anchors.right: parent.right
        anchors.rightMargin: root.wide ? 40 : 36
        anchors.verticalCenter: parent.verticalCenter
        spacing: 0

        RowLayout {
            Layout.fillWidth: true

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Title {
                    Layout.fillWidth: true
                    largest: Sizes.section
                    smallest: 32
                    text: root.label
                }
                Txt {
                    Layout.fillWidth: true
                    font.pixelSize: Theme.elder ? Sizes.note : 28
                    leading: 1.4
                    text: root.words
                    visible: root.wide && text !== ""
                }
            }
            Money {
                amount: root.amount
                size: root.wide ? Sizes.amountTotal + 4 : Sizes.amountTotal
            }
        }
        Txt {
            Layout.fillWidth: true
            Layout.topMargin: 6
            font.pixelSize: Theme.elder ? Sizes.note : 28
            horizontalAlignment: Text.AlignRight
            leading: 1.4
            text: root.words
            visible: !root.wide && text !== ""
        }
    }
}
