pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Beside the empty frame: where on the machine, and how to lay the page.
ColumnLayout {
    id: root

    property string device
    property var tips: []
    property string where

    spacing: 28

    RowLayout {
        Layout.fillWidth: true
        spacing: 24
        visible: !Theme.elder

        Item {
            Layout.preferredHeight: 200
            Layout.preferredWidth: machine.implicitWidth

            MachinePicture {
                id: machine

                device: root.device
                height: parent.height
                width: implicitWidth
            }
        }
        ColumnLayout {
            Layout.fillWidth: true

            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Sizes.note
                text: Words.t["where.title"]
            }
            Txt {
                Layout.fillWidth: true
                font.pixelSize: Sizes.note
                leading: 1.35
                strong: true
                text: root.where
            }
        }
    }
    Repeater {
        model: root.tips.length

        RowLayout {
            id: tip

            required property int index

            Layout.fillWidth: true
            spacing: 18

            Icon {
                Layout.alignment: Qt.AlignTop
                accent: Theme.success
                color: Theme.success
                name: "check"
                size: Theme.elder ? 48 : 40
                stroke: 4
            }
            Txt {
                Layout.fillWidth: true
                leading: 1.35
                text: root.tips[tip.index] ?? ""
            }
        }
    }
}
