import QtQuick
import QtQuick.Layouts
import Kiosk

// Touch to start, in both languages.
MainButton {
    id: root

    edge: 8
    implicitHeight: 208
    radius: 40
    text: Words.t["attract.touch"]

    contentItem: Item {
        RowLayout {
            anchors.centerIn: parent
            anchors.verticalCenterOffset: root.pressed ? 4 : 0
            spacing: Theme.landscape ? 24 : 36
            width: Math.min(parent.width, implicitWidth)

            Icon {
                accent: Theme.contrast ? Theme.onPrimary : Theme.warning
                color: Theme.onPrimary
                name: "tap"
                size: Theme.landscape ? 92 : 104
                stroke: 2.6
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Title {
                    Layout.fillWidth: true
                    Layout.maximumWidth: Math.ceil(implicitWidth)
                    color: Theme.onPrimary
                    spread: Words.lang.startsWith("zh") ? 6 : 0
                    largest: Theme.landscape ? 50 : Words.lang.startsWith("zh") ? 64 : 60
                    smallest: largest
                    text: root.text
                }
                Txt {
                    color: Theme.onPrimary
                    font.pixelSize: 28
                    leading: 1.4
                    text: Words.otherT["attract.touch"]
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
