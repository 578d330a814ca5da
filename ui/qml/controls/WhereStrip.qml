import QtQuick
import QtQuick.Layouts
import Kiosk

// Elder mode: where it is, in large words beside the picture of the machine.
Rectangle {
    id: root

    property string device
    property string detail
    property string where

    color: Theme.warningTint
    implicitHeight: Math.max(196, words.implicitHeight + 44)
    radius: Sizes.radiusCard

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 36
        anchors.rightMargin: 36
        spacing: 40

        MachinePicture {
            device: root.device
            Layout.preferredHeight: 168
            Layout.preferredWidth: implicitWidth
        }
        ColumnLayout {
            id: words

            Layout.fillWidth: true
            spacing: 0

            Txt {
                Layout.fillWidth: true
                font.pixelSize: 46
                leading: 1.35
                strong: true
                text: root.where
            }
            Txt {
                Layout.fillWidth: true
                font.pixelSize: Sizes.body
                leading: 1.35
                text: root.detail
                visible: text !== ""
            }
        }
    }
}
