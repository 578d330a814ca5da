import QtQuick
import QtQuick.Layouts
import Kiosk

// Something does not work: what, since when, until when, what still works.
Rectangle {
    id: root

    property real inset: Sizes.margin
    property string text
    property string title

    color: Theme.warningTint
    implicitHeight: Math.max(Theme.landscape ? 132 : 216, words.implicitHeight + 48)

    Rectangle {
        color: Theme.warning
        height: 4
        width: parent.width
    }
    Rectangle {
        anchors.bottom: parent.bottom
        color: Theme.warning
        height: 4
        width: parent.width
    }
    RowLayout {
        anchors.left: parent.left
        anchors.leftMargin: root.inset
        anchors.right: parent.right
        anchors.rightMargin: root.inset
        anchors.verticalCenter: parent.verticalCenter
        spacing: 28

        Icon {
            accent: Theme.warningInk
            color: Theme.warningInk
            name: "warn"
            size: Theme.landscape ? 68 : 84
            stroke: 2.8
        }
        ColumnLayout {
            id: words

            Layout.fillWidth: true
            spacing: 2

            Title {
                Layout.fillWidth: true
                color: Theme.warningInk
                largest: Theme.elder ? 52 : 42
                smallest: Theme.elder ? 44 : 36
                text: root.title
            }
            Txt {
                Layout.fillWidth: true
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.4
                text: root.text
                visible: text !== ""
            }
        }
    }
}
